## La respuesta a una foto

answer-sure = { $emoji } { $garment }, { $percent } %
answer-unsure = No lo tengo claro: { $first } { $firstpercent } % o { $second } { $secondpercent } %
answer-none = Aquí no veo ninguna de mis prendas; en /classes puedes ver las que conozco.
answer-unreadable = No he podido abrir eso como imagen. ¿Me lo mandas como foto, o como archivo JPEG o PNG?
answer-too-large = Esa imagen tiene más píxeles de los que puedo manejar. ¿Me la mandas como una foto normal?
answer-failed = Algo ha fallado por mi parte con esta foto. Prueba con otra, por favor.

## Mientras una foto espera

photo-waiting = ¡Recibida! Por delante { $ahead ->
    [one] hay { $ahead } foto
   *[other] hay unas { $ahead } fotos
}.
photo-busy = Ahora mismo no doy abasto: tienes por delante { $ahead ->
    [one] { $ahead } foto
   *[other] unas { $ahead } fotos
}. Vuelve a mandarme esta dentro de unos minutos, por favor.
photo-too-big = Ese archivo pasa de { $megabytes } MB, más de lo que puedo descargar. ¿Me lo mandas como una foto normal?
photo-not-fetched = No he podido descargar ese archivo de Telegram. Mándamelo otra vez, por favor.

## Lo que una persona pide

start = 👋 ¡Hola! Mándame una foto de una prenda y te diré qué es y lo seguro que estoy.

    En /classes puedes ver los diez tipos que conozco; en /help te cuento más.
help = Mándame una foto de una prenda: una sola, extendida, colgada o puesta. También vale una imagen enviada como archivo. Te respondo con lo que creo que es y un gráfico con los diez tipos.

    /classes – los diez tipos de prenda que conozco
    /privacy – qué pasa con tus fotos
    /help – este mensaje
help-admin = Para administradores:

    /status – la cola, los procesos de trabajo y sus modelos
classes = Estos son los diez tipos de prenda que conozco:

    { $list }
privacy = Qué pasa con lo que me mandas:

    • Una foto espera en una cola hasta que la respondo, y entonces se borra de ahí. Mi respuesta, que lleva una copia pequeña de la foto, se borra por mi parte en cuanto la tiene Telegram.
    • Una foto que hace fallar mi programa una y otra vez se aparta hasta un día, para poder encontrar el fallo, y después se borra.
    • De los demás mensajes no guardo nada una vez atendidos. Durante un día recuerdo el número de cada mensaje, con una breve suma de comprobación, para no responder dos veces al mismo.
    • Mi registro puede contener números de chats y de mensajes cuando algo falla; nunca una foto.
    • No guardo nada para aprender de ello ni se lo paso a nadie. La foto y mi respuesta siguen en este chat de Telegram hasta que las borres.

## Para administradores

admin-only = Ese comando es solo para los administradores de este bot.
status = En espera: { $waiting } { $waiting ->
    [one] foto
   *[other] fotos
}
status-oldest = La más antigua lleva { $seconds } s esperando.
status-dead = Apartadas tras fallar: { $dead }.
status-no-worker = No hay ningún proceso de trabajo en marcha: las fotos esperan hasta que arranque uno.
status-worker = { $name }: modelo { $model }, { $answered } respondidas, visto hace { $seconds } s

## Cualquier otra cosa

other-text = Mándame una foto de una prenda y te diré qué es. En /help te cuento más.
other-video = No puedo ver vídeos. Mándame mejor una foto de la prenda.
other-sticker = ¡Qué bueno! Pero yo solo entiendo de prendas en fotos; mándame una.
other-document = No sé leer ese tipo de archivo. Mándame la prenda como foto, o como archivo JPEG o PNG.
other-voice = No puedo escuchar sonidos. Mándame mejor una foto de una prenda.
other-anything = Solo entiendo fotos de prendas. Mándame una y te diré qué es.
other-command = No conozco ese comando. En /help están los que sí.

error = Lo siento, algo ha fallado por mi parte. Inténtalo de nuevo dentro de un momento.

## El menú de comandos

command-classes = Los diez tipos de prenda que conozco
command-help = Qué sé hacer
command-privacy = Qué pasa con tus fotos
command-status = La cola, los procesos de trabajo y sus modelos
