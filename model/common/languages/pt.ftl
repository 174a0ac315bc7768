## As dez classes

class-t-shirt-top = Camiseta ou top
class-trouser = Calça
class-pullover = Suéter
class-dress = Vestido
class-coat = Casaco
class-sandal = Sandália
class-shirt = Camisa
class-sneaker = Tênis
class-bag = Bolsa
class-ankle-boot = Bota curta

## As palavras do gráfico

chart-sure = Parece
chart-unsure = Uma destas duas?
chart-none = Nenhum dos meus dez tipos
chart-unsure-title = Não tenho certeza
chart-none-title = Nada que eu conheça
chart-right = Certo
chart-corrected = Corrigido
chart-nothing = Nenhuma das dez
chart-others = Outras
chart-garment = Peça conhecida
chart-closest = Próxima: { $garment }
chart-perhaps = { $garment }?
chart-percent = { $percent }%

## A resposta a uma foto

answer-sure = { $garment }, { $percent }%
answer-unsure = Não tenho certeza: { $first } { $firstpercent }% ou { $second } { $secondpercent }%
answer-none = Nenhuma das dez peças que conheço. A mais próxima: { $garment } { $percent }%
tip-closer = Dica: chegue mais perto, para que a peça ocupe quase toda a foto.
tip-one-piece = Dica: funciona melhor com uma peça só em cada foto.
tip-plain-ground = Dica: coloque ou pendure uma peça só sobre um fundo liso.
album-summary = { $count } fotos: { $parts }
album-part = { $count } × { $garment }
album-unsure = { $count } com dúvida
album-none = { $count } fora dos meus dez tipos
album-gone = { $count } sem resposta
album-refused = Foto { $number }: { $reason }
album-tap = Alguma está errada? Toque no número dela.
answer-unreadable = Não consegui abrir isso como imagem. Você pode mandar como foto, ou como arquivo JPEG ou PNG?
answer-too_large = Essa imagem é maior do que consigo processar. Você pode mandar como uma foto comum?
answer-failed = Algo deu errado do meu lado com esta foto. Tente outra, por favor.
answer-paused = Três dos seus arquivos travaram meu leitor de imagens, então vou fazer uma pausa com os seus. Tente de novo daqui a dez minutos com uma foto comum.

answer-confirmed = { $verdict ->
    [sure] ✓ { $garment }, { $percent }%
    [unsure] ✓ { $garment } (eu não tinha certeza)
   *[none] ✓ Nenhum dos meus dez tipos
}
answer-corrected = { $verdict ->
    [sure] Corrigido: { $garment }. Eu tinha dito { $before }
    [unsure] Corrigido: { $garment }. Eu não tinha certeza
   *[none] Corrigido: { $garment }. Eu não tinha reconhecido
}
answer-corrected-none = { $verdict ->
    [unsure] Corrigido: nenhum dos meus dez tipos. Eu não tinha certeza
   *[sure] Corrigido: nenhum dos meus dez tipos. Eu tinha dito { $before }
}

## O que uma pessoa diz de uma resposta

button-none = Nenhuma destas
button-none-right = ✓ Nenhuma destas
button-more = Mais…
button-back = ‹ Voltar
button-was-right = ✓ Certo · mudar
button-was-wrong = ✓ Corrigido · mudar
none-of-these = nenhuma destas
correction-right = Obrigado, que bom saber!
correction-noted = Obrigado! Estou desenhando a imagem de novo.
correction-busy = Estou ocupado agora e não consegui anotar a sua correção. Toque no botão de novo daqui a alguns minutos, por favor.
correction-not-yours = Só quem mandou a foto, ou um administrador, pode corrigir esta resposta.
correction-too-late = Já não conheço esta resposta, então ela não pode ser corrigida: lembro das respostas por sete dias, ou até você apagá-las.
undo-done = Desfeito: { $label }. A resposta voltou a ser a que era.
undo-nothing = Não há nada dos últimos sete dias para desfazer.
details-photo = Foto { $number } de { $count }
details-class = { $garment }: { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) }%
details-garment = Que seja uma das minhas dez peças: { $percent }%
details-model = Modelo: { $version }
details-nothing = Não lembro de nenhuma resposta sua nesta conversa. Mande antes uma foto, ou responda com /details a uma resposta minha dos últimos sete dias.

## Se as fotos podem ser guardadas

consent-ask = Uma pergunta, que só faço uma vez: posso guardar uma cópia pequena das fotos cujas respostas você corrigir, para aprender com elas?

    Vale para as suas correções daqui em diante e para as dos últimos sete dias. As cópias são criptografadas e não levam o seu nome, e você pode apagá-las quando quiser (veja /privacy). Sem o seu sim, só conto que houve uma correção.
consent-open = Você ainda não decidiu se posso guardar uma cópia pequena das fotos cujas respostas corrige. Sem o seu sim, não guardo nenhuma.
consent-yes = Você permite que eu guarde uma cópia pequena e criptografada das fotos cujas respostas corrige, para aprender com elas. Obrigado! Você pode apagá-las quando quiser.
consent-no = Você não permite que eu guarde fotos para aprender. Não tenho nenhuma sua, e só conto as correções.
consent-not-yours = Só quem recebeu a pergunta pode responder.
button-keep = Sim, pode guardar
button-do-not-keep = Não
button-keep-after-all = Permitir agora
button-keep-no-longer = Parar e apagar

## Apagar o que é guardado

forget-done = Acabei de apagar:
forget-corrections = • { $count } { $count ->
    [one] correção, com a cópia pequena da foto
   *[other] correções, com as cópias pequenas das fotos
}
forget-answers = • o que eu lembrava de { $count } { $count ->
    [one] resposta, para que você pudesse corrigi-la
   *[other] respostas, para que você pudesse corrigi-las
}
forget-photos = • { $count } { $count ->
    [one] foto que esperava ser redesenhada ou tinha sido separada
   *[other] fotos que esperavam ser redesenhadas ou tinham sido separadas
}
forget-consent = • a minha pergunta sobre guardar fotos, e a sua resposta
forget-model = O que um modelo já aprendeu fica nele, mas estas fotos não serão usadas de novo.
forget-nothing = Não guardo nada sobre você.
forget-ask = Apagar { $corrections ->
    [0] { "" }
    [one] 1 correção com a cópia pequena da foto e{ " " }
   *[other] { $corrections } correções com as cópias pequenas das fotos e{ " " }
}o que lembro de { $answers } { $answers ->
    [one] resposta
   *[other] respostas
}?
forget-ask-rest = Apagar o que ainda guardo sobre você?
forget-kept = Tudo bem, não apaguei nada.
button-forget = Apagar
button-forget-not = Manter

## Enquanto uma foto espera

photo-waiting = Recebi! Há { $ahead ->
    [one] { $ahead } foto
   *[other] umas { $ahead } fotos
} na frente da sua.
refused-full = Estou ocupado: há { $ahead ->
    [one] { $ahead } foto
   *[other] umas { $ahead } fotos
} na frente. Não pude aceitar { $count ->
    [one] a sua foto; mande de novo
   *[other] as suas últimas { $count } fotos; mande de novo
} daqui a alguns minutos, por favor.
refused-too-fast = Isso é mais de { $limit } { $limit ->
    [one] foto
   *[other] fotos
} em um minuto. Não pude aceitar { $count ->
    [one] a última; mande de novo
   *[other] as últimas { $count }; mande de novo
} daqui a { $seconds ->
    [one] um segundo
   *[other] { $seconds } segundos
}, por favor.
refused-too-many = Você tem { $limit } { $limit ->
    [one] foto
   *[other] fotos
} à espera de resposta, e não posso aceitar mais de uma só pessoa. Deixei de fora { $count ->
    [one] a última; mande de novo
   *[other] as últimas { $count }; mande de novo
} quando eu tiver respondido, por favor.
refused-at-once = É muita coisa de uma vez, e há mais gente à espera. Deixei de fora { $count ->
    [one] a última; mande de novo
   *[other] as últimas { $count }; mande de novo
} se ainda for preciso.
photo-too-big = Esse arquivo passa de { $megabytes } MB, mais do que consigo baixar. Você pode mandar como uma foto comum?
photo-not-fetched = Não consegui baixar esse arquivo do Telegram. Mande de novo, por favor.
what-photo = Responda com /what a uma foto e eu digo o que é.

## O que uma pessoa pede

start = 👋 Oi! Mande uma foto de uma peça de roupa e eu digo o que é e quanta certeza tenho: “👟 Tênis, 93%”.

    /classes mostra os dez tipos que conheço, /help conta mais.
sample = Uma imagem para experimentar
button-sample = 👟 Experimentar com uma imagem
description = Mande uma foto de uma peça de roupa e eu digo o que é e quanta certeza tenho. Conheço dez tipos, de camisetas a botas curtas. Se eu errar, um toque me corrige.
short-description = Diz que peça de roupa há em uma foto e quanta certeza tem.
help = Mande uma foto de uma peça de roupa, esticada, pendurada ou vestida; uma imagem enviada como arquivo também serve. Respondo com o que acho que é, quanta certeza tenho e um gráfico. Se eu errar, toque no que é de verdade.

    /classes – os dez tipos de peça que conheço
    /what – em resposta a uma foto, de quem for: o que é?
    /undo – desfazer a sua última correção
    /details – as dez porcentagens da última resposta
    /model – que modelo responde, e se ele é bom
    /privacy – o que acontece com as suas fotos
    /forget – apagar o que guardo sobre você
    /help – esta mensagem

    Em um grupo, me mencione na legenda de uma foto ou responda a ela com /what. Lá só vejo álbuns inteiros se for administrador, ou se meu dono tiver desligado meu modo de privacidade: /setprivacy no @BotFather.
greeting-sees-few = 👋 Oi! Eu digo que peça de roupa há numa foto. Neste grupo só vejo o que é dirigido a mim, então:

    • mande uma foto com @{ $name } na legenda, ou
    • responda com /what a qualquer foto.

    Para eu ver álbuns inteiros, me torne administrador, ou peça ao meu dono que mande /setprivacy ao @BotFather.
greeting-sees-all = 👋 Oi! Eu digo que peça de roupa há numa foto. Neste grupo vejo todas as mensagens, mas só respondo a estas e não guardo nada das outras:

    • uma foto ou um álbum com @{ $name } na legenda,
    • /what em resposta a qualquer foto.
help-admin = Para administradores:

    /status – está tudo bem? A fila, os processos, o treinador
    /stats – os últimos sete dias num relance
    /models – todos os modelos, e qual está em uso
    /rollback – voltar ao modelo anterior
    /retrain – treinar o modelo de novo
    /cancel – parar o treino
classes = Estes são os dez tipos de peça que conheço:

    { $list }
privacy = O que acontece com as suas fotos:

    • Apago cada foto assim que respondo.
    • Por sete dias lembro, criptografado, o que respondi, para que você possa corrigir.
    • Só guardo uma cópia pequena das fotos que você corrigir se você disser que sim.
    • Não passo nada a ninguém.
    • /forget apaga tudo o que guardo sobre você.
button-details = Detalhes
privacy-details = O que acontece com o que você manda:

    • Uma foto espera, criptografada, em uma fila até ser respondida, e então é apagada de lá. A minha resposta, com uma cópia pequena da foto, é apagada do meu lado assim que chega ao Telegram. Para que haja lugar para todos, conto quantas fotos suas estão esperando e, durante um minuto, quantas você mandou.
    • Uma foto que faz o meu programa falhar repetidamente é separada por até um dia, para que o erro possa ser encontrado, e depois é apagada.
    • De outras mensagens não guardo nada depois de atendê-las. Por até um dia lembro do número de cada mensagem, com uma soma de verificação curta, para não responder duas vezes.
    • O meu registro pode conter números de conversas e de mensagens quando algo dá errado; nunca uma foto.
privacy-corrections = • Por sete dias lembro, criptografado, o que respondi, a quem, e a referência do Telegram à foto (não a foto em si), para que você possa corrigir a resposta. Se você corrigir, busco a foto de novo no Telegram para redesenhar o gráfico, e ela espera na fila como antes.
    • Conto o que você diz das respostas. Só com o seu sim guardo também uma cópia pequena da foto, o tipo certo, o que eu tinha dito, a data e um código no lugar do seu número do Telegram, para aprender. Tudo é criptografado e fica até você apagar ou mudar de ideia. O seu sim ou não é guardado com o mesmo código.
    • Quando você apaga o que guardo sobre você, some na hora, e eu digo o que era. Um modelo que já aprendeu com uma foto fica como está, mas a foto não é usada de novo.
privacy-passed-on = • Nada é passado adiante. A foto e a minha resposta ficam nesta conversa do Telegram até você apagá-las.

## Para administradores

admin-private = Os comandos de administradores só funcionam na nossa conversa privada, onde ninguém mais lê.
admin-only = Esse comando é só para os administradores deste bot.
status = Na fila: { $waiting } { $waiting ->
    [one] foto
   *[other] fotos
}
stats = Os últimos sete dias: { $photos } { $photos ->
    [one] foto
   *[other] fotos
}, { $answered } com resposta, em { NUMBER($seconds, minimumFractionDigits: 1, maximumFractionDigits: 1) } s em média. Segundo as pessoas, { $right } certas e { $wrong } erradas. Fotos que não pude aceitar: { $refused }.
stats-title = Os últimos sete dias
stats-weekdays = seg ter qua qui sex sáb dom
stats-seconds = Segundos até responder
stats-corrected = Respostas corrigidas
stats-refused = Fotos não aceitas
stats-others = Outros tipos
stats-unsure = Com dúvida
stats-none = Nenhum dos meus dez tipos
stats-failed = Não foi possível abrir
status-well = ✅ Tudo bem: { $workers } { $workers ->
    [one] processo de trabalho
   *[other] processos de trabalho
}, { $trainer }, { $waiting ->
    [0] nada na fila
   *[other] { $waiting } na fila
}
status-problems = ⚠️ Algo está errado:
status-slow = As fotos esperam demais: a mais antiga, { $seconds } s. Mais processos de trabalho ajudariam.
status-idle = treinador livre
status-training = um treino em andamento
status-no-trainer = sem treinador
status-oldest = A mais antiga espera há { $seconds } s.
status-dead = { $dead } { $dead ->
    [one] foto foi separada depois de falhar repetidamente
   *[other] fotos foram separadas depois de falhar repetidamente
}. “python -m model dead-letters list” mostra por quê.
status-no-worker = Nenhum processo de trabalho está rodando, então as fotos esperam. Inicie um: python -m model worker
status-worker = { $name }: modelo { $model }, { $answered } respondidas, visto há { $seconds } s

## Modelos

model-serves = O modelo { $version } ({ $network }) está em uso desde { $since }.
model-ships = O modelo { $version } ({ $network }) está em uso: é o que vem comigo.
model-base = Ele foi treinado a partir do modelo { $base }.
model-learned = Ele aprendeu com:
model-source-fashion_mnist = { $count } imagens do Fashion-MNIST
model-source-photos = { $count } { $count ->
    [one] foto
   *[other] fotos
} de roupas
model-source-things = { $count } { $count ->
    [one] foto
   *[other] fotos
} de coisas que não são roupa
model-source-corrections = { $count } { $count ->
    [one] correção feita
   *[other] correções feitas
} nas conversas deste bot
model-figures = Se ele é bom, em imagens com que não aprendeu:
model-figure-fashion_mnist = Fashion-MNIST { $percent }% de acertos
model-figure-photos = fotos { $percent }% de acertos
model-figure-corrections = correções { $percent }% de acertos
model-figure-fashion_mnist_ece = as porcentagens erram por { $percent } pontos no Fashion-MNIST
model-figure-photos_ece = as porcentagens erram por { $percent } pontos nas fotos
model-unmeasured = Ele não foi medido.
model-others = Neste momento estes modelos também respondem: { $versions }.
model-gone = O modelo { $version } deveria estar em uso, mas já não existe. /models lista os que existem.
models = Modelos (▶️ = em uso)
models-made = feito em { $date }
models-ships = vem comigo
models-refused = ⚠️ não pôde ser carregado
models-already = { $version } já está em uso.
models-changed = As coisas mudaram nesse meio-tempo, então não fiz nada. Está assim.
promoted = ✅ { $version } está em uso agora.
rolled-back = ↩️ De { $old } de volta a { $version }, que está em uso agora.
rollback-ask = { $version } está em uso. Antes dele, { $before } estava.
rollback-nothing = { $version } está em uso, e não houve nenhum antes dele, então não há para onde voltar. /models lista todos.
button-promote = Usar { $version }
button-rollback = ↩️ Voltar a { $version }
candidate-keep = Deixar de lado
candidate-anyway = Promover mesmo assim
candidate-discard = Descartar
candidate-kept = { $version } fica de lado até { $date }. Está em /models.
candidate-discarded = { $version } foi apagado.
candidate-ask = { $version } tomaria o lugar de { $current }. Promover?
candidate-ask-refused = O controle recusou { $version }. Se mesmo assim você o promover no lugar de { $current }, /models dirá que foi contra o controle. Promover mesmo assim?
candidate-ask-unmeasured = { $version } nunca foi medido: ninguém sabe se é bom. Se mesmo assim você o promover no lugar de { $current }, /models dirá isso. Promover mesmo assim?
candidate-promote = Promover
candidate-promote-refused = Promover contra o controle
candidate-promote-unmeasured = Promover sem medir
candidate-leave = Deixar como está
candidate-left = Tudo bem, não mudei nada.
candidate-promoted-refused = ✅ { $version } está em uso agora, contra o controle. /rollback volta ao anterior.
candidate-promoted-unmeasured = ✅ { $version } está em uso agora, sem ter sido medido. /rollback volta ao anterior.
candidate-changed = As coisas mudaram nesse meio-tempo, então não fiz nada. /models mostra como estão.
models-aside = recusado pelo controle, de lado até { $date }
models-against-refused = promovido contra o controle por { $name }
models-against-unmeasured = promovido sem medição por { $name }
admin-only-button = Só os administradores deste bot podem fazer isso.
notice-model-refused = ⚠️ Um processo de trabalho não conseguiu carregar o modelo { $version }: { $reason } Ele continua com o modelo que tinha. /models lista todos, /rollback volta atrás.
alarm-no-worker = ⚠️ Há um minuto não há nenhum processo de trabalho rodando, então as fotos esperam. Inicie um: python -m model worker
alarm-over-no-worker = ✅ Há um processo de trabalho rodando de novo.
alarm-dead-letters = ⚠️ { $dead ->
    [one] { $dead } foto foi separada
   *[other] { $dead } fotos foram separadas
} depois de falhar várias vezes. “python -m model dead-letters list” mostra por quê.
alarm-over-dead-letters = ✅ Não há mais fotos separadas.
alarm-writes-refused = ⚠️ O Redis não aceita mais dados, então não posso receber fotos: o disco ou a memória está cheio? Ele diz: { $reason }
alarm-over-writes-refused = ✅ O Redis voltou a aceitar dados.
alarm-corrections = 💡 O modelo ainda não conhece { $count } correções para { $garment }: vale um /retrain.
refused-missing = o arquivo dele já não existe.
refused-damaged = o arquivo dele está danificado: não é o que foi publicado.
refused-unloadable = o arquivo dele não é um modelo Keras que possa ser carregado com segurança.
refused-unfit = ele não serve: recebe outras imagens, ou dá outras respostas, do que as nossas.
refused-uncompiled = ele não está compilado: uma versão anterior o publicou, e desde então nenhum treinador foi iniciado. Um treinador o compila ao iniciar.
refused-uncompilable = uma versão anterior o publicou, e ele não pode ser compilado: o log do treinador diz por quê.

## Qualquer outra coisa

other-text = Mande uma foto de uma peça de roupa e eu digo o que é. /help conta mais.
other-video = Não consigo ver vídeos. Mande uma foto da peça.
other-sticker = Que legal! Mas só conheço peças em fotos, então mande uma.
other-document = Não consigo ler esse tipo de arquivo. Mande a peça como foto, ou como arquivo JPEG ou PNG.
other-voice = Não consigo ouvir áudio. Mande uma foto de uma peça de roupa.
other-anything = Só conheço fotos de roupas. Mande uma e eu digo o que é.
other-button = Esse botão já não faz nada.
other-forwarded-command = Esse comando não é seu, então o ignorei. Se for o que você quer, escreva você mesmo.
other-command = Não conheço esse comando. /help lista os que conheço.

error = Desculpe, algo deu errado do meu lado. Tente de novo daqui a pouco, por favor.

## Treinar de novo

retrain-usage = Uso: /retrain [rede] [epochs=N]

    /retrain – ajusta o modelo atual
    /retrain ann – treina uma rede do zero; escolha entre { $networks }
    /retrain epochs=5 – quantas vezes percorrer os dados, de 1 a { $most }
retrain-nothing-kept = Ainda não há nada para aprender: nenhuma correção está guardada. Corrija algumas respostas com os botões embaixo delas, permita que eu guarde as fotos e mande /retrain de novo.
retrain-nothing-new = Não há nada novo para aprender: o modelo atual já conhece { $kept ->
    [one] a única correção
   *[other] todas as { $kept } correções
}. Mande /retrain de novo quando houver novas.
retrain-ask = Ajustar o modelo atual?
retrain-ask-network = Treinar a rede { $network } do zero?
retrain-epochs = Épocas: { $epochs }
retrain-data = Imagens para o treino:
retrain-column-fashion-mnist = F-MNIST
retrain-column-photos = Fotos
retrain-column-corrections = Corr.
retrain-none-of-these = Nenhuma
retrain-fashion-mnist-only = { $network } só recebe imagens pequenas e cinzas: aprende apenas com o Fashion-MNIST.
retrain-no-photos = O treinador não tem fotos de roupas (DATASETS_DIR diz onde estão).
retrain-no-trainer-yet = Nenhum treinador está rodando agora; ele trará as fotos de roupas, se tiver.
retrain-corrections = { $kept ->
    [0] Ainda não há correções guardadas.
   *[other] Correções: { $kept }, das quais { $new } vieram depois do modelo atual. Ele aprende com { $learned } (Corr.) e é avaliado por outras { $held }.
}
retrain-copies = { $copies ->
    [one] { $copies } é igual a outra e não conta de novo.
   *[other] { $copies } são iguais a outras e não contam de novo.
}
retrain-few-people = Foram corrigidas fotos de poucas pessoas para avaliá-lo com as de outras, então outras fotos das mesmas pessoas o avaliam.
reason-one-person = Não promovido: melhor em { $gained }, mas só as correções de uma pessoa o dizem, e ela não administra o bot. Quando as de várias o disserem, ou as de quem o administra, ele será promovido sozinho.
retrain-yes = Treinar
retrain-no = Deixar
retrain-declined = Tudo bem, não comecei nada.
retrain-started = Começando.
retrain-old-button = Esse treino já acabou. Use /retrain para começar outro.
retrain-title = 🧵 Ajuste, pedido por { $name }
retrain-title-network = 🧵 Treino de { $network } do zero, pedido por { $name }
retrain-waits = Começa em instantes.
retrain-waits-again = O treinador se perdeu no meio do caminho. Outra tentativa começa em instantes.
retrain-no-trainer = Nenhum treinador está rodando, então isto espera. Começa sozinho assim que houver um: python -m model trainer
retrain-stage-waiting = Começando
retrain-stage-loading = Carregando os dados
retrain-stage-training = Treinando
retrain-stage-compiling = Compilando o modelo novo
retrain-stage-measuring = Medindo o modelo antigo e o novo
retrain-stage-drawing = Desenhando as figuras
retrain-stage-publishing = Publicando o modelo
retrain-epoch = , época { $epoch } de { $epochs }
retrain-loss = perda { NUMBER($loss, minimumFractionDigits: 3, maximumFractionDigits: 3) }
retrain-accuracy = { $accuracy } de acertos { $on }
retrain-on-fashion-mnist = no Fashion-MNIST reservado
retrain-on-photos = nas fotos de validação
retrain-on-held-back = nas imagens reservadas
retrain-left = faltam uns { $time }
retrain-running = rodando há { $minutes } min
retrain-silent = O treinador não responde mais. Se não voltar, outra tentativa começa sozinha.
retrain-again = A primeira tentativa morreu; esta é a segunda.
retrain-can-cancel = /cancel para o treino.
retrain-late = É tarde para cancelar; /rollback volta ao modelo anterior.
retrain-cancelling = Cancelado por { $name }; parando.
retrain-busy = { $name } começou um treino há { $ago }. Só pode haver um de cada vez.
retrain-busy-telling = O treino que { $name } começou acabou, e estou mandando o resultado. Tente de novo daqui a pouco, por favor.
retrain-gone = Este treino se foi: o Redis foi esvaziado. Use /retrain para começar outro.
retrain-took = Levou { $time }.
retrain-promoted = ✅ O novo modelo { $version } está em uso agora.
retrain-kept = ↩️ O modelo atual continua em uso.
retrain-failed = ⚠️ O treino falhou; o modelo atual continua em uso.
retrain-cancelled = ⏹ Cancelado por { $name }.
reason-cancelled = O modelo atual continua em uso.
retrain-album = Perda por época, previsões do novo modelo, as suas confusões.
retrain-old = antigo
retrain-new = novo
retrain-learned = Treinado com { $sources }.
retrain-measured = Medido em { $on }.
retrain-missing = Nem treinado nem medido com { $names }: este treinador não tem nenhuma (DATASETS_DIR).
reason-better = Promovido: melhor em { $gained } do que o acaso explica, e nada piorou.
reason-lost = Não promovido: { $lost }.
retrain-worse = { $name }: pior do que a margem permite
retrain-fell = { $what } caiu de { $before } para { $after } de { $count } { $on } (podiam perder-se no máximo { $allowed })
retrain-rose = { $what } subiu de { $before } para { $after } de { $count } { $on }
retrain-change-share = { $name } passou de { $before } para { $after } (podiam perder-se no máximo { $allowed } pontos)
retrain-right = o número de acertos
reason-no-gain = Não promovido: nada melhorou mais do que o acaso explica.
reason-changed = Não promovido: entretanto alguém escolheu { $detail }, que continua a responder. Envie /retrain de novo para aprender a partir daí.
reason-no-corrections = Não havia nada novo para aprender: nenhuma correção está guardada. Corrija antes algumas respostas com os botões embaixo delas.
reason-no-fashion-mnist = O treinador não consegue o Fashion-MNIST. Ponha os quatro arquivos em DATASETS_DIR/fashion-mnist, ou deixe o treinador acessar a internet; depois mande /retrain de novo.
    O treinador diz: { $detail }
reason-died = O processo do treinador morreu em todas as tentativas ({ $detail }). O registro dele talvez diga mais; SIGKILL muitas vezes significa que faltou memória.
reason-error = O treino terminou com um erro: { $detail }
    O registro do treinador diz mais.
reason-unknown-network = Não há uma rede { $detail } aqui: o treinador talvez seja de outra versão.
figure-fashion_mnist = Fashion-MNIST
figure-short-fashion_mnist = Fashion-MNIST
figure-photos = fotos de validação
figure-short-photos = Fotos
figure-corrections = correções reservadas
figure-short-corrections = Correções
figure-fashion_mnist_ece = calibração no Fashion-MNIST
figure-short-fashion_mnist_ece = ECE F-MNIST
figure-photos_ece = calibração nas fotos de validação
figure-short-photos_ece = ECE fotos
figure-photos_auroc = distinguir as peças de outras peças nas fotos de validação
figure-short-photos_auroc = AUROC fotos
figure-shoes_auroc = distinguir as peças de outros sapatos nas fotos de validação
figure-short-shoes_auroc = AUROC sapatos
figure-things = as coisas reconhecidas como nenhuma das dez
figure-short-things = Coisas
figure-things_auroc = distinguir roupa de coisas
figure-short-things_auroc = AUROC coisas
counted-fashion_mnist = imagens reservadas do Fashion-MNIST
counted-photos = fotos de validação
counted-things = fotos de coisas
counted-corrections = correções reservadas
cancel-idle = Não há treino para cancelar.
cancel-finished = O treino já acabou; estou mandando o resultado.
cancel-late = Tarde demais: o novo modelo está sendo publicado. /rollback volta ao anterior.
cancel-cancelled = Cancelado.
cancel-cancelling = Para em alguns segundos.
number = { $number }
percent = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) }%
whole-percent = { $percent }%
time-seconds = { $seconds } s
time-minutes = { $minutes } min { $seconds } s
time-hours = { $hours } h { $minutes } min

## O menu de comandos

command-classes = Os dez tipos de peça que conheço
command-what = Responda assim a uma foto: o que é?
command-help = O que sei fazer
command-undo = Desfazer a sua última correção
command-details = As dez porcentagens da última resposta
command-privacy = O que acontece com as suas fotos
command-forget = Apagar o que guardo sobre você
command-status = Está tudo bem? Fila, processos, treinador
command-stats = Os últimos sete dias num relance
command-retrain = Treinar o modelo de novo
command-cancel = Parar o treino
command-model = Que modelo responde, e se ele é bom
command-models = Todos os modelos, e qual está em uso
command-rollback = Voltar ao modelo anterior
