/** The page's words in the language of the person who is chatting, by the English ones. */

const SPOKEN = ["en", "es", "pt"];
// English, Spanish, Portuguese. What stands in braces is filled in.
const WORDS = [
  ["The sandbox does not answer. Is it still running?", "El sandbox no responde. ¿Sigue en marcha?", "O sandbox não responde. Ainda está rodando?"],
  ["The sandbox does not answer. Trying again…", "El sandbox no responde. Lo intento de nuevo…", "O sandbox não responde. Tentando de novo…"],
  ["The file is too large: 50 MB is the most that can be sent here.", "El archivo es demasiado grande: aquí se pueden enviar 50 MB como máximo.", "O arquivo é grande demais: aqui dá para enviar no máximo 50 MB."],
  ["This is not a photo that can be read. Send it as a file instead.", "Esta foto no se puede leer. Envíala como archivo.", "Não foi possível ler esta foto. Envie-a como arquivo."],
  ["Send a text, a photo or a document.", "Envía un texto, una foto o un documento.", "Envie um texto, uma foto ou um documento."],
  ["Only a text can be edited, to another text.", "Solo se puede editar un texto, y por otro texto.", "Só dá para editar um texto, e por outro texto."],
  ["That message is somebody else's.", "Ese mensaje es de otra persona.", "Essa mensagem é de outra pessoa."],
  ["The message has no such button any more.", "El mensaje ya no tiene ese botón.", "A mensagem não tem mais esse botão."],
  ["There is no such chat any more.", "Ese chat ya no existe.", "Essa conversa não existe mais."],
  ["This file is too large to send.", "Este archivo es demasiado grande para enviarlo.", "Este arquivo é grande demais para enviar."],
  ["The sandbox could not do this (error {status}).", "El sandbox no pudo hacerlo (error {status}).", "O sandbox não conseguiu fazer isso (erro {status})."],
  ["The sandbox gave an answer that cannot be read.", "La respuesta del sandbox no se puede leer.", "A resposta do sandbox não pode ser lida."],
  ["Folders and empty files cannot be sent.", "No se pueden enviar carpetas ni archivos vacíos.", "Não é possível enviar pastas nem arquivos vazios."],
  ["Remove {what}", "Quitar {what}", "Remover {what}"],
  ["Add {what}", "Añadir {what}", "Adicionar {what}"],
  ["photo", "foto", "foto"],
  ["photos", "fotos", "fotos"],
  ["file", "archivo", "arquivo"],
  ["files", "archivos", "arquivos"],
  [" and ", " y ", " e "],
  ["Photo", "Foto", "Foto"],
  ["Voice message", "Mensaje de voz", "Mensagem de voz"],
  ["Sticker", "Sticker", "Figurinha"],
  ["File", "Archivo", "Arquivo"],
  ["Message", "Mensaje", "Mensagem"],
  ["Reply to: {what}. Go there", "En respuesta a: {what}. Ir allí", "Em resposta a: {what}. Ir até lá"],
  ["Buttons of this message", "Botones de este mensaje", "Botões desta mensagem"],
  ["Try again", "Reintentar", "Tentar de novo"],
  ["Send as a file", "Enviar como archivo", "Enviar como arquivo"],
  ["Remove", "Quitar", "Remover"],
  ["{who} added {whom}", "{who} añadió a {whom}", "{who} adicionou {whom}"],
  ["{who} removed {whom}", "{who} quitó a {whom}", "{who} removeu {whom}"],
  ["The group became a supergroup", "El grupo pasó a ser un supergrupo", "O grupo virou um supergrupo"],
  ["This supergroup was a group", "Este supergrupo era un grupo", "Este supergrupo era um grupo"],
  ["General", "General", "Geral"],
  ["Shoes", "Zapatos", "Sapatos"],
  ["Coats", "Abrigos", "Casacos"],
  ["Topic", "Tema", "Tópico"],
  ["as the group", "como el grupo", "como o grupo"],
  ["Forwarded from {who}", "Reenviado de {who}", "Encaminhada de {who}"],
  ["Do with this message", "Acciones con este mensaje", "Ações com esta mensagem"],
  ["Reply", "Responder", "Responder"],
  ["Edit", "Editar", "Editar"],
  ["Forward", "Reenviar", "Encaminhar"],
  ["Reply to", "En respuesta a", "Em resposta a"],
  ["Cancel", "Cancelar", "Cancelar"],
  ["You", "Tú", "Você"],
  ["edited", "editado", "editada"],
  ["That message is no longer here.", "Ese mensaje ya no está.", "Essa mensagem não está mais aqui."],
  ["{count} people and {bot}", "{count} personas y {bot}", "{count} pessoas e {bot}"],
  ["{count} people", "{count} personas", "{count} pessoas"],
  ["bot", "bot", "bot"],
  ["The bot has not told its commands yet.", "El bot aún no ha dicho sus comandos.", "O bot ainda não disse seus comandos."],
  ["Add a caption", "Añade un pie", "Adicione uma legenda"],
  ["Photo: {what}. Enlarge", "Foto: {what}. Ampliar", "Foto: {what}. Ampliar"],
  ["Photo. Enlarge", "Foto. Ampliar", "Foto. Ampliar"],
  ["Today", "Hoy", "Hoje"],
  ["Forwarding…", "Reenviando…", "Encaminhando…"],
  ["Turn privacy mode off", "Desactivar el modo de privacidad", "Desligar o modo de privacidade"],
  ["Turn privacy mode on", "Activar el modo de privacidad", "Ligar o modo de privacidade"],
  ["Make it a supergroup", "Convertirlo en supergrupo", "Transformar em supergrupo"],
  ["{bot} is not in it", "{bot} no está en él", "{bot} não está nele"],
  ["the bot sees what is meant for it", "el bot ve lo que va dirigido a él", "o bot vê o que é dirigido a ele"],
  ["the bot sees everything", "el bot lo ve todo", "o bot vê tudo"],
  ["your private chat", "tu chat privado", "sua conversa privada"],
  ["group", "grupo", "grupo"],
  ["supergroup", "supergrupo", "supergrupo"],
  ["You are {who}. Change", "Eres {who}. Cambiar", "Você é {who}. Mudar"],
  ["Language of {who}", "Idioma de {who}", "Idioma de {who}"],
  ["{who} speaks {language}", "{who} habla {language}", "{who} fala {language}"],
  ["{count} new messages", "{count} mensajes nuevos", "{count} mensagens novas"],
  ["{count} new message", "{count} mensaje nuevo", "{count} mensagem nova"],
  ["To the newest message", "Al último mensaje", "À última mensagem"],
  ["No answer yet: the bot may be busy, or not running", "Aún sin respuesta: quizá el bot está ocupado o no está en marcha", "Ainda sem resposta: o bot pode estar ocupado ou parado"],
  ["typing", "escribiendo", "digitando"],
  ["sending a photo", "enviando una foto", "enviando uma foto"],
  ["sending a file", "enviando un archivo", "enviando um arquivo"],
  ["choosing a sticker", "eligiendo un sticker", "escolhendo uma figurinha"],
  ["busy", "ocupado", "ocupado"],
  ["Who are you?", "¿Quién eres?", "Quem é você?"],
  ["Close", "Cerrar", "Fechar"],
  ["Messages", "Mensajes", "Mensagens"],
  ["Chats", "Chats", "Conversas"],
  ["This chat is a sandbox. Its messages live in this computer's memory and are gone when it stops. Open a second tab to be both people at once.", "Este chat es un sandbox. Sus mensajes viven en la memoria de este ordenador y desaparecen cuando se detiene. Abre otra pestaña para ser las dos personas a la vez.", "Esta conversa é um sandbox. As mensagens ficam na memória deste computador e somem quando ele para. Abra outra aba para ser as duas pessoas ao mesmo tempo."],
  ["What are you wearing?", "¿Qué llevas puesto?", "O que você está vestindo?"],
  ["Drop a photo here, paste it, or press the paper clip. The answer comes as a reply.", "Suelta aquí una foto, pégala o pulsa el clip. La respuesta llega al momento.", "Solte uma foto aqui, cole-a ou toque no clipe. A resposta chega em seguida."],
  ["Start", "Empezar", "Começar"],
  ["Write a message", "Escribir un mensaje", "Escrever uma mensagem"],
  ["Commands", "Comandos", "Comandos"],
  ["Attach", "Adjuntar", "Anexar"],
  ["As a file", "Como archivo", "Como arquivo"],
  ["About to be sent", "Por enviar", "A enviar"],
  ["send as files", "enviar como archivos", "enviar como arquivos"],
  ["Remove all", "Quitar todo", "Remover tudo"],
  ["Send", "Enviar", "Enviar"],
  ["Photos to send", "Fotos por enviar", "Fotos a enviar"],
  ["Files to send", "Archivos por enviar", "Arquivos a enviar"],
  ["Drop to send as a photo", "Suelta para enviar como foto", "Solte para enviar como foto"],
  ["quick, in a size for looking at", "rápido, en un tamaño para mirar", "rápido, em tamanho de exibição"],
  ["Drop to send as a file", "Suelta para enviar como archivo", "Solte para enviar como arquivo"],
  ["just as it is", "tal como es", "do jeito que está"],
  ["Previous photo", "Foto anterior", "Foto anterior"],
  ["Next photo", "Foto siguiente", "Próxima foto"],
];
const ATTRIBUTES = ["aria-label", "title", "placeholder"];
const english = new Map(WORDS.map((words) => [words[0], words]));
let place = 0; // of the language in each row

/** The words in the language that was set, with `values` filled in. */
export function t(text, values = {}) {
  const words = english.get(text)?.[place] ?? text;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const plain = (text) => text.trim().replace(/\s+/g, " ");

/** The page's own texts, as index.html has them: what each says in English, and how to change it. */
function written() {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (english.has(plain(node.data))) found.push([plain(node.data), (text) => { node.data = text; }]);
  }
  for (const node of document.body.querySelectorAll("*")) {
    for (const name of ATTRIBUTES) {
      const text = node.getAttribute(name);
      if (english.has(text)) found.push([text, (changed) => node.setAttribute(name, changed)]);
    }
  }
  return found;
}

const texts = written();

/** Set the page's language; English stands for those that it does not speak. */
export function setLanguage(code) {
  place = Math.max(0, SPOKEN.indexOf(code.slice(0, 2)));
  document.documentElement.lang = SPOKEN[place];
  for (const [text, change] of texts) change(t(text));
}
