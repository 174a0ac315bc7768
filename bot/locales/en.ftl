## The answer to a photo

answer-sure = { $emoji } { $garment }, { $percent } %
answer-unsure = Not sure: { $first } { $firstpercent } % or { $second } { $secondpercent } %
answer-none = I don’t see one of my garments here; /classes shows what I know.
answer-unreadable = I couldn’t open that as a picture. Could you send it as a photo, or as a JPEG or PNG file?
answer-too-large = That picture has more pixels than I can handle. Could you send it as an ordinary photo?
answer-failed = Something went wrong with this photo on my side. Please try another one.

## While a photo waits

photo-waiting = Got it! About { $ahead } { $ahead ->
    [one] photo is
   *[other] photos are
} ahead of yours.
photo-busy = I’m busy right now, with about { $ahead } { $ahead ->
    [one] photo
   *[other] photos
} ahead of you. Please send this one again in a few minutes.
photo-too-big = That file is over { $megabytes } MB, which is more than I can fetch. Could you send it as an ordinary photo?
photo-not-fetched = I couldn’t fetch that file from Telegram. Please send it again.

## What a person asks for

start = 👋 Hi! Send me a photo of one garment and I’ll tell you what it is, with how sure I am.

    /classes shows the ten kinds that I know, /help tells more.
help = Send me a photo of a garment: one piece, lying flat, hanging or worn. A picture sent as a file works too. I reply with what I think it is and a chart of all ten kinds.

    /classes – the ten kinds of garment that I know
    /privacy – what happens to your photos
    /help – this message
help-admin = For admins:

    /status – the queue, the workers and their models
classes = These are the ten kinds of garment that I know:

    { $list }
privacy = What happens to what you send me:

    • A photo waits in a queue until it is answered, and is then deleted there. My reply, with a small copy of the photo in it, is deleted on my side as soon as Telegram has it.
    • A photo that makes my program fail again and again is set aside for up to a day, so that the fault can be found, and is then deleted.
    • Of other messages I keep nothing once they are handled. For a day I remember a message’s number, with a short checksum, so that none is answered twice.
    • My log can hold the numbers of chats and messages when something goes wrong; never a photo.
    • Nothing is kept to learn from, and nothing is passed on. The photo and my reply stay in this Telegram chat until you delete them.

## For admins

admin-only = That command is for this bot’s admins.
status = Waiting: { $waiting } { $waiting ->
    [one] photo
   *[other] photos
}
status-oldest = The oldest has waited { $seconds } s.
status-dead = Set aside after failing: { $dead }.
status-no-worker = No worker is running: photos wait until one starts.
status-worker = { $name }: model { $model }, { $answered } answered, seen { $seconds } s ago

## Anything else

other-text = Send me a photo of a garment and I’ll tell you what it is. /help tells more.
other-video = I can’t watch videos. Send me a photo of the garment instead.
other-sticker = Nice one! But I only know garments in photos, so send me one of those.
other-document = I can’t read that kind of file. Send me the garment as a photo, or as a JPEG or PNG file.
other-voice = I can’t listen to sounds. Send me a photo of a garment instead.
other-anything = I only know photos of garments. Send me one and I’ll tell you what it is.
other-command = I don’t know that command. /help lists those that I do.

error = Sorry, something went wrong on my side. Please try again in a moment.

## The command menu

command-classes = The ten kinds of garment that I know
command-help = What I can do
command-privacy = What happens to your photos
command-status = The queue, the workers and their models
