## Las diez clases

class-t-shirt-top = Camiseta o top
class-trouser = Pantalón
class-pullover = Jersey
class-dress = Vestido
class-coat = Abrigo
class-sandal = Sandalia
class-shirt = Camisa
class-sneaker = Zapatilla
class-bag = Bolso
class-ankle-boot = Botín

## Las palabras del gráfico

chart-sure = Parece
chart-unsure = ¿Una de estas dos?
chart-none = Ninguno de mis diez tipos
chart-unsure-title = No lo sé seguro
chart-none-title = Nada que conozca
chart-right = Correcto
chart-corrected = Corregido
chart-nothing = Ninguna de las diez
chart-others = Otras
chart-garment = Prenda conocida
chart-closest = Más parecida: { $garment }
chart-perhaps = ¿{ $garment }?
chart-percent = { $percent } %

## La respuesta a una foto

answer-sure = { $garment }, { $percent } %
answer-unsure = No lo tengo claro: { $first } { $firstpercent } % o { $second } { $secondpercent } %
answer-none = Ninguna de las diez prendas que conozco. La más parecida: { $garment } { $percent } %
tip-closer = Consejo: acércate más, para que ocupe casi toda la foto.
tip-one-piece = Consejo: mejor una sola prenda en cada foto.
tip-plain-ground = Consejo: pon o cuelga una sola prenda sobre un fondo liso.
album-summary = { $count } fotos: { $parts }
album-part = { $count } × { $garment }
album-unsure = { $count } con dudas
album-none = { $count } de otro tipo
album-gone = { $count } sin respuesta
album-refused = Foto { $number }: { $reason }
album-tap = ¿Hay alguna mal? Toca su número.
answer-unreadable = No he podido abrir eso como imagen. ¿Me lo mandas como foto, o como archivo JPEG o PNG?
answer-too_large = Esa imagen es más grande de lo que puedo manejar. ¿Me la mandas como una foto normal?
answer-failed = Algo ha fallado por mi parte con esta foto. Prueba con otra, por favor.
answer-paused = Tres de tus archivos han bloqueado mi lector de imágenes, así que me tomo un descanso de los tuyos. Prueba otra vez dentro de diez minutos con una foto normal.

answer-confirmed = { $verdict ->
    [sure] ✓ { $garment }, { $percent } %
    [unsure] ✓ { $garment } (no estaba seguro)
   *[none] ✓ Ninguno de mis diez tipos
}
answer-corrected = { $verdict ->
    [sure] Corregido: { $garment }. Yo había dicho { $before }
    [unsure] Corregido: { $garment }. No estaba seguro
   *[none] Corregido: { $garment }. No la había reconocido
}
answer-corrected-none = { $verdict ->
    [unsure] Corregido: ninguno de mis diez tipos. No estaba seguro
   *[sure] Corregido: ninguno de mis diez tipos. Yo había dicho { $before }
}

## Lo que una persona dice de una respuesta

button-none = Ninguna de estas
button-none-right = ✓ Ninguna de estas
button-more = Más…
button-back = ‹ Volver
button-was-right = ✓ Correcto · cambiar
button-was-wrong = ✓ Corregido · cambiar
none-of-these = ninguna de estas
correction-right = ¡Gracias, me alegra saberlo!
correction-noted = ¡Gracias! Estoy dibujando la imagen otra vez.
correction-busy = Ahora mismo no doy abasto y no he podido anotar tu corrección. Vuelve a pulsar el botón dentro de unos minutos, por favor.
correction-not-yours = Solo quien mandó la foto, o un administrador, puede corregir esta respuesta.
correction-too-late = Ya no conozco esta respuesta, así que no se puede corregir: recuerdo las respuestas siete días, o hasta que las borres.
undo-done = Retirado: { $label }. La respuesta está como estaba.
undo-nothing = No hay nada de los últimos siete días que retirar.
details-photo = Foto { $number } de { $count }
details-class = { $garment }: { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } %
details-garment = Que sea una de mis diez prendas: { $percent } %
details-model = Modelo: { $version }
details-nothing = No recuerdo ninguna respuesta tuya en este chat. Mándame antes una foto, o responde con /details a una respuesta mía de los últimos siete días.

## Si se pueden guardar fotos

consent-ask = Una pregunta, que solo te hago una vez: ¿puedo guardar una copia pequeña de las fotos cuyas respuestas corrijas, para aprender de ellas?

    Vale para tus correcciones de ahora en adelante y para las de los últimos siete días. Las copias van cifradas y sin tu nombre; puedes borrarlas cuando quieras (mira /privacy). Si no me dices que sí, solo cuento que hubo una corrección.
consent-open = Aún no has decidido si puedo guardar una copia pequeña de las fotos cuyas respuestas corriges. Si no me dices que sí, no guardo ninguna.
consent-yes = Me permites guardar una copia pequeña y cifrada de las fotos cuyas respuestas corriges, para aprender de ellas. ¡Gracias! Puedes borrarlas cuando quieras.
consent-no = No me permites guardar fotos para aprender de ellas. No tengo ninguna tuya; solo cuento las correcciones.
consent-not-yours = Solo puede responder a esto la persona a quien se lo he preguntado.
button-keep = Sí, guárdalas
button-do-not-keep = No
button-keep-after-all = Permitir ahora
button-keep-no-longer = Dejar de guardar y borrarlas

## Borrar lo que guardo

forget-done = Acabo de borrar:
forget-corrections = • { $count } { $count ->
    [one] corrección, con la copia pequeña de su foto
   *[other] correcciones, con las copias pequeñas de sus fotos
}
forget-answers = • lo que recordaba de { $count } { $count ->
    [one] respuesta, para que se pudiera corregir
   *[other] respuestas, para que se pudieran corregir
}
forget-photos = • { $count } { $count ->
    [one] foto que estaba por redibujar o apartada
   *[other] fotos que estaban por redibujar o apartadas
}
forget-consent = • mi pregunta de si puedo guardar fotos, y tu respuesta
forget-model = Lo que un modelo haya aprendido antes se queda en él, pero estas fotos no se vuelven a usar.
forget-nothing = No guardo nada tuyo que se pueda borrar.
forget-ask = ¿Borrar { $corrections ->
    [0] { "" }
    [one] 1 corrección con la copia pequeña de su foto y{ " " }
   *[other] { $corrections } correcciones con las copias pequeñas de sus fotos y{ " " }
}lo que recuerdo de { $answers } { $answers ->
    [one] respuesta
   *[other] respuestas
}?
forget-ask-rest = ¿Borrar lo que aún guarde de ti?
forget-kept = De acuerdo, no he borrado nada.
button-forget = Borrar
button-forget-not = Conservar

## Mientras una foto espera

photo-waiting = ¡Recibida! Por delante { $ahead ->
    [one] hay { $ahead } foto
   *[other] hay unas { $ahead } fotos
}.
refused-full = No doy abasto: por delante { $ahead ->
    [one] hay { $ahead } foto
   *[other] hay unas { $ahead } fotos
}. No he podido aceptar { $count ->
    [one] tu foto; vuelve a mandármela
   *[other] tus últimas { $count } fotos; vuelve a mandármelas
} dentro de unos minutos, por favor.
refused-too-fast = { $limit ->
    [one] Eso es más de { $limit } foto
   *[other] Eso son más de { $limit } fotos
} en un minuto. No he podido aceptar { $count ->
    [one] la última; vuelve a mandármela
   *[other] las últimas { $count }; vuelve a mandármelas
} dentro de { $seconds ->
    [one] un segundo
   *[other] { $seconds } segundos
}, por favor.
refused-too-many = Tienes { $limit } { $limit ->
    [one] foto
   *[other] fotos
} esperando respuesta, y no puedo aceptar más de una misma persona. He dejado fuera { $count ->
    [one] la última; vuelve a mandármela
   *[other] las últimas { $count }; vuelve a mandármelas
} cuando te haya respondido, por favor.
refused-at-once = Son muchas cosas a la vez, y hay más gente esperando. He dejado fuera { $count ->
    [one] la última; vuelve a mandármela
   *[other] las últimas { $count }; vuelve a mandármelas
} si todavía te hacen falta.
photo-too-big = Ese archivo pasa de { $megabytes } MB, más de lo que puedo descargar. ¿Me lo mandas como una foto normal?
photo-not-fetched = No he podido descargar ese archivo de Telegram. Mándamelo otra vez, por favor.
what-photo = Responde con /what a una foto y te diré qué es.

## Lo que una persona pide

start = 👋 ¡Hola! Mándame una foto de una prenda y te diré qué es y lo seguro que estoy: «👟 Zapatilla, 93 %».

    En /classes puedes ver los diez tipos que conozco; en /help te cuento más.
sample = Una imagen de prueba
button-sample = 👟 Probar con una imagen
description = Mándame una foto de una prenda y te diré qué es y lo seguro que estoy. Conozco diez tipos, de camisetas a botines. Si me equivoco, me corriges con un toque.
short-description = Te dice qué prenda hay en una foto y lo seguro que está.
help = Mándame una foto de una prenda: una sola, extendida, colgada o puesta. También vale una imagen enviada como archivo. Te respondo con lo que creo que es, lo seguro que estoy y un gráfico.

    /classes – los diez tipos de prenda que conozco
    /what – en respuesta a una foto, de quien sea: ¿qué es?
    /undo – retirar tu última corrección
    /details – los diez porcentajes de la última respuesta
    /model – qué modelo responde y lo bueno que es
    /privacy – qué pasa con tus fotos
    /forget – borrar lo que guardo de ti
    /help – este mensaje

    En un grupo, mencióname en el pie de una foto o responde a ella con /what. Allí solo veo álbumes enteros si soy administrador, o si mi dueño ha desactivado mi modo de privacidad: /setprivacy en @BotFather.
greeting-sees-few = 👋 ¡Hola! Digo qué prenda hay en una foto. En este grupo solo veo lo que va dirigido a mí, así que:

    • envía una foto con @{ $name } en el pie, o
    • responde con /what a cualquier foto.

    Para que vea álbumes enteros, hazme administrador, o pide a mi dueño que envíe /setprivacy a @BotFather.
greeting-sees-all = 👋 ¡Hola! Digo qué prenda hay en una foto. En este grupo veo todos los mensajes, pero solo respondo a estos y de los demás no guardo nada:

    • una foto o un álbum con @{ $name } en el pie,
    • /what en respuesta a cualquier foto.
help-admin = Para administradores:

    /status – la cola, los procesos de trabajo y sus modelos
    /stats – los últimos siete días de un vistazo
    /models – todos los modelos y cuál debe responder
    /rollback – volver al modelo anterior
    /retrain – reentrenar el modelo
    /cancel – detener el reentrenamiento
classes = Estos son los diez tipos de prenda que conozco:

    { $list }
privacy = Qué pasa con tus fotos:

    • Borro cada foto en cuanto la he respondido.
    • Durante siete días recuerdo, cifrado, qué respondí, para que puedas corregirlo.
    • Solo si me dices que sí guardo una copia pequeña de las fotos que corrijas.
    • No le paso nada a nadie.
    • Con /forget se borra todo lo que guardo de ti.
button-details = Detalles
privacy-details = Qué pasa con lo que me mandas:

    • Una foto espera, cifrada, en una cola hasta que la respondo, y entonces se borra de ahí. Mi respuesta, que lleva una copia pequeña de la foto, se borra por mi parte en cuanto la tiene Telegram. Para que haya sitio para todos, cuento cuántas fotos tuyas están esperando y, durante un minuto, cuántas has mandado.
    • Una foto que hace fallar mi programa una y otra vez se aparta hasta un día, para poder encontrar el fallo, y después se borra.
    • De los demás mensajes no guardo nada una vez atendidos. Hasta un día después recuerdo el número de cada mensaje, con una breve suma de comprobación, para no responder dos veces al mismo.
    • Mi registro puede contener números de chats y de mensajes cuando algo falla; nunca una foto.
privacy-corrections = • Durante siete días recuerdo, cifrado, qué respondí, a quién, y la referencia de Telegram a la foto (no la foto misma), para que puedas corregir la respuesta. Si lo haces, vuelvo a pedirle la foto a Telegram para dibujar otra vez la imagen, y la foto espera en la cola como antes.
    • De lo que dices de una respuesta llevo la cuenta. Solo si me dices que sí guardo además, para aprender, una copia pequeña de la foto, el tipo correcto, lo que yo había dicho, la fecha y un código en lugar de tu número de Telegram. Todo va cifrado y se queda hasta que lo borres o cambies de idea. Tu sí o tu no se guarda con ese mismo código.
    • Si borras lo que guardo de ti, desaparece al momento y te digo qué era. Un modelo que ya ha aprendido de una foto se queda como está, pero la foto no se vuelve a usar.
privacy-passed-on = • No le paso nada a nadie. La foto y mi respuesta siguen en este chat de Telegram hasta que las borres.

## Para administradores

admin-private = Los comandos de administradores solo funcionan en el chat privado conmigo, donde nadie más los lee.
admin-only = Ese comando es solo para los administradores de este bot.
status = En espera: { $waiting } { $waiting ->
    [one] foto
   *[other] fotos
}
stats = Los últimos siete días: { $photos } { $photos ->
    [one] foto
   *[other] fotos
}, { $answered } con respuesta, en { NUMBER($seconds, minimumFractionDigits: 1, maximumFractionDigits: 1) } s de media. Según la gente, { $right } bien y { $wrong } mal. Fotos que no pude aceptar: { $refused }.
stats-title = Los últimos siete días
stats-weekdays = lu ma mi ju vi sá do
stats-seconds = Segundos hasta responder
stats-corrected = Respuestas corregidas
stats-refused = Fotos no aceptadas
stats-others = Otros tipos
stats-unsure = Con dudas
stats-none = Ninguno de mis diez tipos
stats-failed = No se pudo abrir
status-well = ✅ Todo bien: { $workers } { $workers ->
    [one] proceso de trabajo
   *[other] procesos de trabajo
}, { $trainer }, { $waiting ->
    [0] nada en espera
   *[other] { $waiting } en espera
}
status-problems = ⚠️ Algo va mal:
status-slow = Las fotos esperan demasiado: la más antigua, { $seconds } s. Harían falta más procesos de trabajo.
status-idle = entrenador libre
status-training = un reentrenamiento en marcha
status-no-trainer = sin entrenador
status-oldest = La más antigua lleva { $seconds } s esperando.
status-dead = { $dead } { $dead ->
    [one] foto está apartada porque falló una y otra vez
   *[other] fotos están apartadas porque fallaron una y otra vez
}. «python -m model dead-letters list» dice por qué.
status-no-worker = No hay ningún proceso de trabajo, así que las fotos esperan. Arranca uno: python -m model worker
status-worker = { $name }: modelo { $model }, { $answered } respondidas, visto hace { $seconds } s

## Modelos

model-serves = Responde el modelo { $version } ({ $network }), desde { $since }.
model-ships = Responde el modelo { $version } ({ $network }), el que viene conmigo.
model-base = Parte del modelo { $base }.
model-learned = Aprendió de:
model-source-fashion_mnist = { $count } imágenes de Fashion-MNIST
model-source-photos = { $count } { $count ->
    [one] foto
   *[other] fotos
} de ropa
model-source-things = { $count } { $count ->
    [one] foto
   *[other] fotos
} de cosas que no son prendas
model-source-corrections = { $count } { $count ->
    [one] corrección
   *[other] correcciones
} de la gente de este chat
model-figures = Lo bueno que es, con imágenes de las que no aprendió:
model-figure-fashion_mnist = Fashion-MNIST { $percent } % de aciertos
model-figure-photos = fotos { $percent } % de aciertos
model-figure-corrections = correcciones { $percent } % de aciertos
model-figure-fashion_mnist_ece = sus porcentajes se desvían { $percent } puntos en Fashion-MNIST
model-figure-photos_ece = sus porcentajes se desvían { $percent } puntos en fotos
model-unmeasured = No se ha medido.
model-others = En este momento también llegan respuestas de: { $versions }.
model-gone = Debería responder el modelo { $version }, pero ya no está. En /models puedes ver los que hay.
models = Modelos (▶️ = en uso)
models-made = hecho el { $date }
models-ships = viene conmigo
models-refused = ⚠️ no se pudo cargar
models-already = { $version } ya es el que responde.
models-changed = Las cosas han cambiado entretanto, así que no he hecho nada. Así están ahora.
promoted = ✅ { $version } responde a partir de ahora.
rolled-back = ↩️ De { $old } vuelvo a { $version }, que responde a partir de ahora.
rollback-ask = Ahora responde { $version }. Antes respondía { $before }.
rollback-nothing = Responde { $version } y antes no hubo otro modelo: no hay a cuál volver. En /models puedes verlos todos.
button-promote = Que responda { $version }
button-rollback = ↩️ Volver a { $version }
candidate-keep = Apartarlo
candidate-anyway = Promover igualmente
candidate-discard = Descartar
candidate-kept = { $version } queda apartado hasta el { $date }. Está en /models.
candidate-discarded = { $version } se ha borrado.
candidate-ask = { $version } ocuparía el lugar de { $current }. ¿Lo promuevo?
candidate-ask-refused = El control rechazó { $version }. Si aun así lo promueves en lugar de { $current }, /models dirá que lo hiciste en contra del control. ¿Promoverlo igualmente?
candidate-ask-unmeasured = { $version } no se ha medido nunca: nadie sabe lo bueno que es. Si aun así lo promueves en lugar de { $current }, /models lo dirá. ¿Promoverlo igualmente?
candidate-promote = Promoverlo
candidate-promote-refused = Promover en contra del control
candidate-promote-unmeasured = Promover sin medir
candidate-leave = Dejarlo
candidate-left = De acuerdo, no he cambiado nada.
candidate-promoted-refused = ✅ Ahora responde { $version }, en contra del control. Con /rollback vuelve el anterior.
candidate-promoted-unmeasured = ✅ Ahora responde { $version }, sin haberse medido. Con /rollback vuelve el anterior.
candidate-changed = Entretanto algo ha cambiado, así que no he hecho nada. /models dice cómo está todo.
models-aside = rechazado por el control, apartado hasta el { $date }
models-against-refused = promovido en contra del control por { $name }
models-against-unmeasured = promovido sin medir por { $name }
admin-only-button = Eso es solo para los administradores de este bot.
notice-model-refused = ⚠️ Un proceso de trabajo no ha podido cargar el modelo { $version }: { $reason } Sigue con el que tenía. En /models puedes verlos todos, y con /rollback volver atrás.
alarm-no-worker = ⚠️ Hace un minuto que no hay ningún proceso de trabajo, así que las fotos esperan. Arranca uno: python -m model worker
alarm-over-no-worker = ✅ Vuelve a haber un proceso de trabajo.
alarm-dead-letters = ⚠️ { $dead ->
    [one] { $dead } foto quedó apartada
   *[other] { $dead } fotos quedaron apartadas
} tras fallar una y otra vez. «python -m model dead-letters list» muestra por qué.
alarm-over-dead-letters = ✅ Ya no hay fotos apartadas.
alarm-writes-refused = ⚠️ Redis no admite más datos, así que no puedo aceptar fotos: ¿está lleno el disco o la memoria? Dice: { $reason }
alarm-over-writes-refused = ✅ Redis vuelve a admitir datos.
alarm-corrections = 💡 El modelo aún no conoce { $count } correcciones a { $garment }: merece un /retrain.
refused-missing = su archivo ya no está.
refused-damaged = su archivo está dañado, no es el que se publicó.
refused-unloadable = su archivo no es un modelo de Keras que se pueda cargar con seguridad.
refused-unfit = no encaja: espera otras imágenes, o da otras respuestas, que las nuestras.
refused-uncompiled = no está compilado: lo publicó una versión anterior, y desde entonces no ha arrancado ningún entrenador. Un entrenador lo compila al arrancar.
refused-uncompilable = lo publicó una versión anterior, y no se puede compilar: el registro del entrenador dice por qué.

## Cualquier otra cosa

other-text = Mándame una foto de una prenda y te diré qué es. En /help te cuento más.
other-video = No puedo ver vídeos. Mándame mejor una foto de la prenda.
other-sticker = ¡Qué bueno! Pero yo solo entiendo de prendas en fotos; mándame una.
other-document = No sé leer ese tipo de archivo. Mándame la prenda como foto, o como archivo JPEG o PNG.
other-voice = No puedo escuchar sonidos. Mándame mejor una foto de una prenda.
other-anything = Solo entiendo fotos de prendas. Mándame una y te diré qué es.
other-button = Ese botón ya no hace nada.
other-forwarded-command = Ese comando no es tuyo, así que no le he hecho caso. Si lo quieres, escríbelo tú.
other-command = No conozco ese comando. En /help están los que sí.

error = Lo siento, algo ha fallado por mi parte. Inténtalo de nuevo dentro de un momento.

## El reentrenamiento

retrain-usage = Uso: /retrain [red] [epochs=N]

    /retrain – afina el modelo que está en servicio
    /retrain ann – entrena una red desde cero; hay { $networks }
    /retrain epochs=5 – recorre los datos ese número de veces, de 1 a { $most }
retrain-nothing-kept = Todavía no hay nada que aprender: no hay correcciones guardadas. Corrige algunas respuestas con los botones que llevan debajo, permite que guarde las fotos y vuelve a enviar /retrain.
retrain-nothing-new = No hay nada nuevo que aprender: el modelo actual ya conoce { $kept ->
    [one] la única corrección
   *[other] las { $kept } correcciones
}. Vuelve a enviar /retrain cuando haya nuevas.
retrain-ask = ¿Afino el modelo que está en servicio?
retrain-ask-network = ¿Entreno la red { $network } desde cero?
retrain-epochs = Épocas: { $epochs }
retrain-data = Imágenes con las que aprenderá:
retrain-column-fashion-mnist = F-MNIST
retrain-column-photos = Fotos
retrain-column-corrections = Corr.
retrain-none-of-these = Ninguna
retrain-fashion-mnist-only = { $network } solo admite imágenes pequeñas y grises: aprende únicamente de Fashion-MNIST.
retrain-no-photos = El entrenador no tiene fotos de ropa (DATASETS_DIR indica su carpeta).
retrain-no-trainer-yet = Ahora mismo no hay ningún entrenador en marcha; traerá sus fotos de ropa, si las tiene.
retrain-corrections = { $kept ->
    [0] Todavía no hay correcciones guardadas.
   *[other] Correcciones: { $kept }, de ellas { $new } posteriores al modelo actual. Aprenderá de { $learned } (Corr.) y con otras { $held } se le evaluará.
}
retrain-copies = { $copies ->
    [one] { $copies } es igual que otra y no cuenta otra vez.
   *[other] { $copies } son iguales que otras y no cuentan otra vez.
}
retrain-few-people = Se han corregido fotos de muy pocas personas para evaluarlo con las de otras, así que lo evalúan otras fotos de las mismas.
reason-one-person = No se promueve: mejora en { $gained }, pero solo lo dicen las correcciones de una persona, que no administra el bot. Cuando lo digan las de varias, o las de quien lo administra, se promoverá por sí solo.
retrain-yes = Reentrenar
retrain-no = Dejarlo
retrain-declined = De acuerdo, no he empezado nada.
retrain-started = Empieza.
retrain-old-button = Este ya se puso en marcha y ha terminado. Con /retrain puedes pedir otro.
retrain-title = 🧵 Afinando el modelo, a petición de { $name }
retrain-title-network = 🧵 Entrenando { $network } desde cero, a petición de { $name }
retrain-waits = Empieza dentro de un momento.
retrain-waits-again = El entrenador se perdió a la mitad. Dentro de un momento empieza otro intento.
retrain-no-trainer = No hay ningún entrenador en marcha, así que espera. Empezará solo cuando arranque uno: python -m model trainer
retrain-stage-waiting = Empezando
retrain-stage-loading = Cargando los datos
retrain-stage-training = Entrenando
retrain-stage-compiling = Compilando el modelo nuevo
retrain-stage-measuring = Midiendo el modelo antiguo y el nuevo
retrain-stage-drawing = Dibujando las figuras
retrain-stage-publishing = Publicando el modelo
retrain-epoch = , época { $epoch } de { $epochs }
retrain-loss = pérdida { NUMBER($loss, minimumFractionDigits: 3, maximumFractionDigits: 3) }
retrain-accuracy = { $accuracy } de aciertos { $on }
retrain-on-fashion-mnist = en Fashion-MNIST reservado
retrain-on-photos = en las fotos de validación
retrain-on-held-back = en imágenes reservadas
retrain-left = faltan unos { $time }
retrain-running = lleva { $minutes } min
retrain-silent = El entrenador no da señales de vida. Si no vuelve, empezará solo otro intento.
retrain-again = El primer intento murió; este es el segundo.
retrain-can-cancel = Con /cancel se detiene.
retrain-late = Ya es tarde para cancelarlo; /rollback recupera el modelo anterior.
retrain-cancelling = Cancelado por { $name }: se detiene dentro de un momento.
retrain-busy = { $name } pidió un reentrenamiento hace { $ago }; solo puede haber uno a la vez.
retrain-busy-telling = El reentrenamiento que pidió { $name } ha terminado y se está enviando su resultado. Vuelve a intentarlo dentro de un momento, por favor.
retrain-gone = Este reentrenamiento se ha perdido: alguien ha vaciado Redis. Con /retrain puedes pedirlo de nuevo.
retrain-took = Ha durado { $time }.
retrain-promoted = ✅ El modelo nuevo { $version } queda en servicio.
retrain-kept = ↩️ Sigue el modelo que había.
retrain-failed = ⚠️ El reentrenamiento ha fallado; nada ha cambiado.
retrain-cancelled = ⏹ Cancelado por { $name }.
reason-cancelled = El modelo en servicio sigue como estaba.
retrain-album = La pérdida por época, predicciones del modelo nuevo y sus confusiones.
retrain-old = antes
retrain-new = ahora
retrain-learned = Entrenado con { $sources }.
retrain-measured = Medido con { $on }.
retrain-missing = Ni entrenado ni medido con { $names }: este entrenador no tiene ninguna (DATASETS_DIR).
reason-better = Promovido: mejora en { $gained } más de lo que explica el azar, y nada ha empeorado.
reason-lost = No se promueve: { $lost }.
retrain-worse = { $name }: peor de lo que permite el margen
retrain-fell = { $what } baja de { $before } a { $after } de { $count } { $on } (se podían perder { $allowed } como mucho)
retrain-rose = { $what } sube de { $before } a { $after } de { $count } { $on }
retrain-change-share = { $name } pasa de { $before } a { $after } (se podían perder { $allowed } puntos como mucho)
retrain-right = el número de aciertos
reason-no-gain = No se promueve: nada ha mejorado más de lo que explica el azar.
reason-changed = No se promueve: entretanto alguien eligió { $detail }, que sigue respondiendo. Envía /retrain otra vez para aprender a partir de ahí.
reason-no-corrections = No había nada nuevo que aprender: no hay correcciones guardadas. Corrige antes algunas respuestas con el botón que llevan debajo.
reason-no-fashion-mnist = El entrenador no consigue Fashion-MNIST. Pon sus cuatro archivos en DATASETS_DIR/fashion-mnist, o deja que el entrenador llegue a internet; después vuelve a enviar /retrain.
    Lo que dice el entrenador: { $detail }
reason-died = El proceso del entrenador ha muerto en todos los intentos ({ $detail }). Quizá su registro diga más; SIGKILL suele significar que faltó memoria.
reason-error = El entrenamiento ha acabado con un error: { $detail }
    El registro del entrenador dice más.
reason-unknown-network = Aquí no hay ninguna red { $detail }: puede que el entrenador sea de otra versión que yo.
figure-fashion_mnist = Fashion-MNIST
figure-short-fashion_mnist = Fashion-MNIST
figure-photos = las fotos de validación
figure-short-photos = Fotos
figure-corrections = las correcciones reservadas
figure-short-corrections = Correcciones
figure-fashion_mnist_ece = la calibración en Fashion-MNIST
figure-short-fashion_mnist_ece = ECE F-MNIST
figure-photos_ece = la calibración en las fotos de validación
figure-short-photos_ece = ECE fotos
figure-photos_auroc = distinguir las prendas de otras prendas en las fotos de validación
figure-short-photos_auroc = AUROC fotos
figure-shoes_auroc = distinguir las prendas de otros zapatos en las fotos de validación
figure-short-shoes_auroc = AUROC zapatos
figure-things = las cosas reconocidas como ninguna de las diez
figure-short-things = Cosas
figure-things_auroc = distinguir prendas de cosas
figure-short-things_auroc = AUROC cosas
counted-fashion_mnist = imágenes reservadas de Fashion-MNIST
counted-photos = fotos de validación
counted-things = fotos de cosas
counted-corrections = correcciones reservadas
cancel-idle = No hay ningún reentrenamiento que cancelar.
cancel-finished = El reentrenamiento ya ha terminado; se está enviando su resultado.
cancel-late = Demasiado tarde: el modelo nuevo se está publicando. Con /rollback recuperas el anterior.
cancel-cancelled = Cancelado.
cancel-cancelling = Se detiene en unos segundos.
number = { $number }
percent = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } %
whole-percent = { $percent } %
time-seconds = { $seconds } s
time-minutes = { $minutes } min { $seconds } s
time-hours = { $hours } h { $minutes } min

## El menú de comandos

command-classes = Los diez tipos de prenda que conozco
command-what = Responde así a una foto: ¿qué es?
command-help = Qué sé hacer
command-undo = Retirar tu última corrección
command-details = Los diez porcentajes de la última respuesta
command-privacy = Qué pasa con tus fotos
command-forget = Borrar lo que guardo de ti
command-status = ¿Va todo bien? Cola, procesos, entrenador
command-stats = Los últimos siete días de un vistazo
command-retrain = Reentrenar el modelo
command-cancel = Detener el reentrenamiento
command-model = Qué modelo responde y lo bueno que es
command-models = Todos los modelos y cuál debe responder
command-rollback = Volver al modelo anterior
