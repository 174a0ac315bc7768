## The ten classes

class-t-shirt-top = T-shirt or top
class-trouser = Trousers
class-pullover = Pullover
class-dress = Dress
class-coat = Coat
class-sandal = Sandal
class-shirt = Shirt
class-sneaker = Sneaker
class-bag = Bag
class-ankle-boot = Ankle boot

## The words in the chart

chart-sure = This looks like
chart-unsure = One of these two?
chart-none = None of my ten kinds
chart-unsure-title = Not sure
chart-none-title = Nothing I know
chart-right = Right
chart-corrected = Corrected
chart-nothing = None of the ten
chart-others = Others
chart-garment = Garment I know
chart-closest = Closest: { $garment }
chart-perhaps = { $garment }?
chart-percent = { $percent }%

## The answer to a photo

answer-sure = { $garment }, { $percent }%
answer-unsure = Not sure: { $first } { $firstpercent }% or { $second } { $secondpercent }%
answer-none = None of the ten garments I know. Closest: { $garment } { $percent }%
tip-closer = Tip: move closer, so that it fills most of the photo.
tip-one-piece = Tip: one piece at a time works best.
tip-plain-ground = Tip: lay or hang one piece against a plain background.
album-summary = { $count } photos: { $parts }
album-part = { $count } × { $garment }
album-unsure = { $count } not sure
album-none = { $count } none of my ten kinds
album-gone = { $count } without an answer
album-refused = Photo { $number }: { $reason }
album-tap = Is one wrong? Tap its number.
answer-unreadable = I couldn’t open that as a picture. Could you send it as a photo, or as a JPEG or PNG file?
answer-too_large = That picture is larger than I can handle. Could you send it as an ordinary photo?
answer-failed = Something went wrong with this photo on my side. Please try another one.
answer-paused = Three of your files overloaded or crashed my picture decoder, so I’m taking a break from yours. Please try an ordinary photo again in ten minutes.

answer-confirmed = { $verdict ->
    [sure] ✓ { $garment }, { $percent }%
    [unsure] ✓ { $garment } (I wasn’t sure)
   *[none] ✓ None of my ten kinds
}
answer-corrected = { $verdict ->
    [sure] Corrected: { $garment }. I’d said { $before }
    [unsure] Corrected: { $garment }. I wasn’t sure
   *[none] Corrected: { $garment }. I hadn’t recognised it
}
answer-corrected-none = { $verdict ->
    [unsure] Corrected: none of my ten kinds. I wasn’t sure
   *[sure] Corrected: none of my ten kinds. I’d said { $before }
}

## What a person says of an answer

button-none = None of these
button-none-right = ✓ None of these
button-more = More…
button-back = ‹ Back
button-was-right = ✓ Right · change
button-was-wrong = ✓ Corrected · change
none-of-these = none of these
correction-right = Thank you, good to know!
correction-noted = Thank you! I’m redrawing the picture.
correction-busy = I’m busy right now and couldn’t take your correction. Please press the button again in a few minutes.
correction-not-yours = Only the person who sent the photo, or an admin, can correct this answer.
correction-too-late = I no longer know this answer, so it can’t be corrected: I remember answers for seven days, or until you delete them.
undo-done = Taken back: { $label }. The answer is as it was.
undo-nothing = There is nothing of the last seven days to take back.
details-photo = Photo { $number } of { $count }
details-class = { $garment }: { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) }%
details-garment = One of my ten garments at all: { $percent }%
details-model = Model: { $version }
details-nothing = I don’t remember an answer of yours in this chat. Send me a photo first, or reply with /details to one of my answers of the last seven days.

## Whether photos may be kept

consent-ask = One question, which I’ll only ask once: may I keep a small copy of the photos whose answers you correct, to learn from them?

    It covers your corrections from now on, and those of the last seven days. The copies are encrypted and don’t carry your name, and you can delete them at any time (see /privacy). Without your yes I only count that there was a correction.
consent-open = You haven’t decided whether I may keep a small copy of the photos whose answers you correct. Without your yes I keep none.
consent-yes = You allow me to keep a small, encrypted copy of the photos whose answers you correct, to learn from them. Thank you! You can delete them at any time.
consent-no = You don’t allow me to keep photos to learn from. I have none of yours, and only count corrections.
consent-not-yours = Only the person who was asked can answer this.
button-keep = Yes, keep them
button-do-not-keep = No
button-keep-after-all = Allow it now
button-keep-no-longer = Stop, and delete them

## Deleting what is kept

forget-done = Deleted just now:
forget-corrections = • { $count } { $count ->
    [one] correction, with the small copy of its photo
   *[other] corrections, with the small copies of their photos
}
forget-answers = • what I remembered of { $count } { $count ->
    [one] answer
   *[other] answers
}, so that you could correct { $count ->
    [one] it
   *[other] them
}
forget-photos = • { $count } { $count ->
    [one] photo that was waiting to be redrawn or had been set aside
   *[other] photos that were waiting to be redrawn or had been set aside
}
forget-consent = • my question whether I may keep photos, and your answer
forget-model = What a model has already learned stays in it, but these photos won’t be used again.
forget-nothing = I’m not storing anything about you.
forget-ask = Delete { $corrections ->
    [0] { "" }
    [one] 1 correction with the small copy of its photo, and{ " " }
   *[other] { $corrections } corrections with the small copies of their photos, and{ " " }
}what I remember of { $answers } { $answers ->
    [one] answer
   *[other] answers
}?
forget-ask-rest = Delete whatever I still store about you?
forget-kept = All right, I deleted nothing.
button-forget = Delete
button-forget-not = Keep

## While a photo waits

photo-waiting = Got it! About { $ahead } { $ahead ->
    [one] photo is
   *[other] photos are
} ahead of yours.
refused-full = Busy: about { $ahead } { $ahead ->
    [one] photo is
   *[other] photos are
} ahead. I couldn’t take { $count ->
    [one] your photo; please send it
   *[other] your last { $count } photos; please send them
} again in a few minutes.
refused-too-fast = That’s more than { $limit } { $limit ->
    [one] photo
   *[other] photos
} in a minute. I couldn’t take { $count ->
    [one] your last one; please send it
   *[other] your last { $count }; please send them
} again in { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
}.
refused-too-many = You have { $limit } { $limit ->
    [one] photo
   *[other] photos
} waiting for an answer, and I can’t take more from one person. I left out { $count ->
    [one] your last one; please send it
   *[other] your last { $count }; please send them
} again once I’ve answered.
refused-at-once = That’s a lot at once, and there are others, too. I left out { $count ->
    [one] your last one; please send it
   *[other] your last { $count }; please send them
} again if it still matters.
photo-too-big = That file is over { $megabytes } MB, which is more than I can fetch. Could you send it as an ordinary photo?
photo-not-fetched = I couldn’t fetch that file from Telegram. Please send it again.
what-photo = Reply with /what to a photo, and I’ll tell you what it is.

## What a person asks for

start = 👋 Hi! Send me a photo of one garment and I’ll tell you what it is, and how sure I am: “👟 Sneaker, 93%”.

    /classes shows the ten kinds I know, /help tells you more.
sample = A picture to try
button-sample = 👟 Try a sample picture
description = Send me a photo of one garment and I’ll tell you what it is, and how sure I am. I know ten kinds, from T-shirts to ankle boots. If I’m wrong, one tap corrects me.
short-description = Tells you what garment is in a photo, and how sure it is.
help = Send me a photo of one garment, lying flat, hanging or worn; a picture sent as a file works too. I reply with what I think it is, how sure I am and a chart. If I’m wrong, tap what it really is.

    /classes – the ten kinds of garment I know
    /what – in reply to a photo, anyone’s: what is it?
    /undo – take back your last correction
    /details – all ten shares of the last answer
    /model – which model answers, and how good it is
    /privacy – what happens to your photos
    /forget – delete what I store about you
    /help – this message

    In a group, mention me in a photo’s caption or reply with /what to it. I only see whole albums there as an admin, or once my owner has turned off my privacy mode: /setprivacy at @BotFather.
greeting-sees-few = 👋 Hi! I tell you what garment is in a photo. In this group I only see what is meant for me, so please:

    • send a photo with @{ $name } in its caption, or
    • reply with /what to any photo.

    To let me see whole albums, make me an admin, or ask my owner to send /setprivacy to @BotFather.
greeting-sees-all = 👋 Hi! I tell you what garment is in a photo. I can see all messages in this group, but I only answer these and keep nothing of the others:

    • a photo or an album with @{ $name } in its caption,
    • /what in reply to any photo.
help-admin = For admins:

    /status – is all well? The queue, the workers, the trainer
    /stats – the last seven days at a glance
    /models – all models, and which one is in use
    /rollback – back to the previous model
    /retrain – train the model again
    /cancel – stop the retraining
classes = These are the ten kinds of garment I know:

    { $list }
privacy = What happens to your photos:

    • I delete a photo as soon as it’s answered.
    • For seven days I remember, encrypted, what I answered, so that you can correct it.
    • I keep a small copy of a photo you corrected only if you say yes.
    • I pass nothing on to anyone.
    • /forget deletes everything I store about you.
button-details = Details
privacy-details = What happens to what you send me:

    • A photo waits, encrypted, in a queue until it is answered, and is then deleted there. My reply, with a small copy of the photo in it, is deleted on my side as soon as Telegram has it. So that there is room for everybody, I count how many photos of yours are waiting, and for a minute how many you sent.
    • A photo that makes my program fail again and again is set aside for up to a day, so that the fault can be found, and is then deleted.
    • I keep nothing of other messages once they’re handled. For up to a day I remember a message’s number, with a short checksum, so that none is answered twice.
    • My log can hold the numbers of chats and messages when something goes wrong; never a photo.
privacy-corrections = • For seven days I remember, encrypted, what I answered, to whom, and Telegram’s reference to the photo (not the photo itself), so that you can correct the answer. If you do, I fetch the photo from Telegram again to redraw the chart, and it waits in the queue as before.
    • I count what you say about answers. Only with your yes do I also keep a small copy of the photo, the right kind, what I had said, the date, and a code in place of your Telegram number, to learn from them. All of it is encrypted and stays until you delete it or change your mind. Your yes or no is kept under the same code.
    • When you delete what I store about you, it goes at once, and I tell you what it was. A model that has already learned from a photo stays as it is, but the photo isn’t used again.
privacy-passed-on = • Nothing is passed on. The photo and my reply stay in this Telegram chat until you delete them.

## For admins

admin-private = Admin commands only work in our private chat, where nobody else can read along.
admin-only = That command is for this bot’s admins.
status = Waiting: { $waiting } { $waiting ->
    [one] photo
   *[other] photos
}
stats = The last seven days: { $photos } { $photos ->
    [one] photo
   *[other] photos
}, { $answered } answered in { NUMBER($seconds, minimumFractionDigits: 1, maximumFractionDigits: 1) } s on average. People said that { $right } were right and { $wrong } wrong. { $refused } could not be taken.
stats-title = The last seven days
stats-weekdays = Mo Tu We Th Fr Sa Su
stats-seconds = Seconds to an answer
stats-corrected = Answers corrected
stats-refused = Photos not taken
stats-others = Other kinds
stats-unsure = Not sure
stats-none = None of my ten kinds
stats-failed = Could not be opened
status-well = ✅ All well: { $workers } { $workers ->
    [one] worker
   *[other] workers
}, { $trainer }, { $waiting ->
    [0] nothing waiting
   *[other] { $waiting } waiting
}
status-problems = ⚠️ Something is wrong:
status-slow = Photos wait too long: the oldest for { $seconds } s. More workers would help.
status-idle = trainer idle
status-training = a retraining under way
status-no-trainer = no trainer
status-oldest = The oldest has waited { $seconds } s.
status-dead = { $dead } { $dead ->
    [one] photo was set aside after failing again and again
   *[other] photos were set aside after failing again and again
}. “python -m model dead-letters list” shows why.
status-no-worker = No worker is running, so photos wait. Start one: python -m model worker
status-worker = { $name }: model { $model }, { $answered } answered, seen { $seconds } s ago

## Models

model-serves = Model { $version } ({ $network }) has been in use since { $since }.
model-ships = Model { $version } ({ $network }) is in use: the one that comes with me.
model-base = It was trained further from model { $base }.
model-learned = It learned from:
model-source-fashion_mnist = { $count } pictures of Fashion-MNIST
model-source-photos = { $count } { $count ->
    [one] photo
   *[other] photos
} of clothes
model-source-things = { $count } { $count ->
    [one] photo
   *[other] photos
} of things that are no garment
model-source-corrections = { $count } { $count ->
    [one] correction
   *[other] corrections
} made in this bot’s chats
model-figures = How good it is, on pictures it didn’t learn from:
model-figure-fashion_mnist = Fashion-MNIST { $percent }% right
model-figure-photos = photos { $percent }% right
model-figure-corrections = corrections { $percent }% right
model-figure-fashion_mnist_ece = its percentages are off by { $percent } points on Fashion-MNIST
model-figure-photos_ece = its percentages are off by { $percent } points on photos
model-unmeasured = It hasn’t been measured.
model-others = Right now these models also answer: { $versions }.
model-gone = Model { $version } should be in use, but it no longer exists. /models lists those that do.
models = Models (▶️ = in use)
models-made = made { $date }
models-ships = comes with me
models-refused = ⚠️ could not be loaded
models-already = { $version } is already in use.
models-changed = Things have changed in the meantime, so I did nothing. This is how they stand.
promoted = ✅ { $version } is in use now.
rolled-back = ↩️ Back from { $old } to { $version }, which is in use now.
rollback-ask = { $version } is in use. Before it, { $before } was.
rollback-nothing = { $version } is in use, and there was none before it, so there is nothing to go back to. /models lists all.
button-promote = Use { $version }
button-rollback = ↩️ Back to { $version }
candidate-keep = Keep it aside
candidate-anyway = Promote anyway
candidate-discard = Discard
candidate-kept = { $version } is kept aside until { $date }. /models lists it.
candidate-discarded = { $version } is deleted.
candidate-ask = { $version } would take the place of { $current }. Promote it?
candidate-ask-refused = The gate refused { $version }. If you promote it in place of { $current } all the same, /models will say that you did so against the gate. Promote it anyway?
candidate-ask-unmeasured = { $version } was never measured: nobody knows how good it is. If you promote it in place of { $current } all the same, /models will say that you did so. Promote it anyway?
candidate-promote = Promote it
candidate-promote-refused = Promote it against the gate
candidate-promote-unmeasured = Promote it unmeasured
candidate-leave = Leave it
candidate-left = All right, I changed nothing.
candidate-promoted-refused = ✅ { $version } is in use now, against the gate. /rollback goes back to the one before.
candidate-promoted-unmeasured = ✅ { $version } is in use now, unmeasured. /rollback goes back to the one before.
candidate-changed = Things have changed in the meantime, so I did nothing. /models shows how they stand.
models-aside = refused by the gate, kept aside until { $date }
models-against-refused = promoted against the gate by { $name }
models-against-unmeasured = promoted unmeasured by { $name }
admin-only-button = Only this bot’s admins can do that.
notice-model-refused = ⚠️ A worker could not load model { $version }: { $reason } It keeps using the model it had. /models lists all, /rollback goes back.
alarm-no-worker = ⚠️ No worker has been running for a minute, so photos wait. Start one: python -m model worker
alarm-over-no-worker = ✅ A worker is running again.
alarm-dead-letters = ⚠️ { $dead } { $dead ->
    [one] photo was set aside after failing again and again
   *[other] photos were set aside after failing again and again
}. “python -m model dead-letters list” shows why.
alarm-over-dead-letters = ✅ No photos are set aside any more.
alarm-writes-refused = ⚠️ Redis takes no more data, so I can’t accept photos: is the disk or its memory full? It says: { $reason }
alarm-over-writes-refused = ✅ Redis takes data again.
alarm-corrections = 💡 The model doesn’t know { $count } corrections to { $garment } yet: worth a /retrain.
refused-missing = its file no longer exists.
refused-damaged = its file is damaged: it isn’t the one that was published.
refused-unloadable = its file isn’t a Keras model that can be loaded safely.
refused-unfit = it doesn’t fit: it takes other pictures, or gives other answers, than ours.
refused-uncompiled = it isn’t compiled: an earlier release published it, and no trainer has run since. A trainer compiles it when it starts.
refused-uncompilable = it was published by an earlier release, and can’t be compiled: the trainer’s log says why.

## Anything else

other-text = Send me a photo of a garment and I’ll tell you what it is. /help tells you more.
other-video = I can’t watch videos. Send me a photo of the garment instead.
other-sticker = Nice one! But I only know garments in photos, so send me one of those.
other-document = I can’t read that kind of file. Send me the garment as a photo, or as a JPEG or PNG file.
other-voice = I can’t listen to audio. Send me a photo of a garment instead.
other-anything = I only know photos of garments. Send me one and I’ll tell you what it is.
other-button = That button no longer does anything.
other-forwarded-command = That command isn’t from you, so I ignored it. If you mean it, type it yourself.
other-command = I don’t know that command. /help lists the ones I do.

error = Sorry, something went wrong on my side. Please try again in a moment.

## Retraining

retrain-usage = Usage: /retrain [network] [epochs=N]

    /retrain – fine-tunes the current model
    /retrain ann – trains a network from scratch; choose from { $networks }
    /retrain epochs=5 – how many times to go through the data, 1 to { $most }
retrain-nothing-kept = Nothing to learn yet: no corrections are kept. Correct some answers with the buttons under them and allow me to keep the photos, then send /retrain again.
retrain-nothing-new = Nothing new to learn: the current model already knows { $kept ->
    [one] the one correction
   *[other] all { $kept } corrections
}. Send /retrain again when there are new ones.
retrain-ask = Fine-tune the current model?
retrain-ask-network = Train the network { $network } from scratch?
retrain-epochs = Epochs: { $epochs }
retrain-data = Pictures to train on:
retrain-column-fashion-mnist = F-MNIST
retrain-column-photos = Photos
retrain-column-corrections = Corr.
retrain-none-of-these = None of these
retrain-fashion-mnist-only = { $network } takes small grey images: it learns from Fashion-MNIST alone.
retrain-no-photos = The trainer has no clothing photos (DATASETS_DIR names their folder).
retrain-no-trainer-yet = No trainer is running now; it will bring its clothing photos, if it has any.
retrain-corrections = { $kept ->
    [0] No corrections are kept yet.
   *[other] Corrections: { $kept }, of which { $new } came since the current model. It learns from { $learned } (Corr.) and is judged by { $held } others.
}
retrain-copies = { $copies ->
    [one] { $copies } looks the same as another and doesn’t count again.
   *[other] { $copies } look the same as others and don’t count again.
}
retrain-few-people = Too few people’s photos were corrected to judge it by other people’s, so other photos of the same people judge it.
reason-one-person = Not promoted: it is better on { $gained }, but only one person’s corrections say so, and they are not an admin’s. Once several people’s do, or an admin’s, it is promoted by itself.
retrain-yes = Retrain
retrain-no = Leave it
retrain-declined = All right, I didn’t start anything.
retrain-started = Starting.
retrain-old-button = That retraining is over. Use /retrain to start another.
retrain-title = 🧵 Fine-tuning, started by { $name }
retrain-title-network = 🧵 Training { $network } from scratch, started by { $name }
retrain-waits = Starting in a moment.
retrain-waits-again = The trainer was lost halfway. Another attempt starts in a moment.
retrain-no-trainer = No trainer is running, so this waits. It starts by itself once there is one: python -m model trainer
retrain-stage-waiting = Starting
retrain-stage-loading = Loading the data
retrain-stage-training = Training
retrain-stage-compiling = Compiling the new model
retrain-stage-measuring = Measuring the old model and the new one
retrain-stage-drawing = Drawing the figures
retrain-stage-publishing = Publishing the model
retrain-epoch = , epoch { $epoch } of { $epochs }
retrain-loss = loss { NUMBER($loss, minimumFractionDigits: 3, maximumFractionDigits: 3) }
retrain-accuracy = { $accuracy } right { $on }
retrain-on-fashion-mnist = on held-back Fashion-MNIST
retrain-on-photos = on validation photos
retrain-on-held-back = on held-back pictures
retrain-left = about { $time } left
retrain-running = running for { $minutes } min
retrain-silent = The trainer no longer responds. If it doesn’t come back, another attempt starts by itself.
retrain-again = The first attempt died; this is the second.
retrain-can-cancel = /cancel stops it.
retrain-late = It’s too late to cancel; /rollback goes back to the model before.
retrain-cancelling = Cancelled by { $name }; stopping.
retrain-busy = { $name } started a retraining { $ago } ago. Only one can run at a time.
retrain-busy-telling = The retraining that { $name } started is over, and I’m just sending the outcome. Please try again in a moment.
retrain-gone = This retraining is gone: Redis was emptied. Use /retrain to start another.
retrain-took = It took { $time }.
retrain-promoted = ✅ The new model { $version } is in use now.
retrain-kept = ↩️ The current model stays in use.
retrain-failed = ⚠️ The retraining failed; the current model stays in use.
retrain-cancelled = ⏹ Cancelled by { $name }.
reason-cancelled = The current model stays in use.
retrain-album = Loss per epoch, predictions of the new model, its confusions.
retrain-old = old
retrain-new = new
retrain-learned = Trained on { $sources }.
retrain-measured = Measured on { $on }.
retrain-missing = Neither trained nor measured on { $names }: this trainer has none (DATASETS_DIR).
reason-better = Promoted: better on { $gained } by more than chance explains, and nothing got worse.
reason-lost = Not promoted: { $lost }.
retrain-worse = { $name } got worse by more than the margin allows
retrain-fell = { $what } fell from { $before } to { $after } of { $count } { $on } (at most { $allowed } may be lost)
retrain-rose = { $what } rose from { $before } to { $after } of { $count } { $on }
retrain-change-share = { $name } went from { $before } to { $after } (at most { $allowed } points may be lost)
retrain-right = the number of right answers
reason-no-gain = Not promoted: nothing got better by more than chance explains.
reason-changed = Not promoted: meanwhile somebody chose { $detail }, which goes on answering. Send /retrain again to learn from there.
reason-no-corrections = There was nothing new to learn: no corrections are kept. Correct some answers first, with the buttons under them.
reason-no-fashion-mnist = The trainer cannot get Fashion-MNIST. Put its four files into DATASETS_DIR/fashion-mnist, or let the trainer reach the internet; then send /retrain again.
    The trainer says: { $detail }
reason-died = The trainer’s process died in every attempt ({ $detail }). Its log may say more; SIGKILL often means that memory ran out.
reason-error = The training ended with an error: { $detail }
    The trainer’s log says more.
reason-unknown-network = There is no network { $detail } here: the trainer may be of another version than I am.
figure-fashion_mnist = Fashion-MNIST
figure-short-fashion_mnist = Fashion-MNIST
figure-photos = validation photos
figure-short-photos = Photos
figure-corrections = held-back corrections
figure-short-corrections = Corrections
figure-fashion_mnist_ece = calibration on Fashion-MNIST
figure-short-fashion_mnist_ece = ECE F-MNIST
figure-photos_ece = calibration on validation photos
figure-short-photos_ece = ECE photos
figure-photos_auroc = telling garments from other garments on validation photos
figure-short-photos_auroc = AUROC photos
figure-shoes_auroc = telling garments from other shoes on validation photos
figure-short-shoes_auroc = AUROC shoes
figure-things = things called none of the ten
figure-short-things = Things
figure-things_auroc = telling garments from things
figure-short-things_auroc = AUROC things
counted-fashion_mnist = held-back images of Fashion-MNIST
counted-photos = validation photos
counted-things = photos of things
counted-corrections = held-back corrections
cancel-idle = There is no retraining to cancel.
cancel-finished = The retraining is already over; I’m just sending the outcome.
cancel-late = Too late: the new model is being published. /rollback goes back to the one before.
cancel-cancelled = Cancelled.
cancel-cancelling = Stopping within a few seconds.
number = { $number }
percent = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) }%
whole-percent = { $percent }%
time-seconds = { $seconds } s
time-minutes = { $minutes } min { $seconds } s
time-hours = { $hours } h { $minutes } min

## The command menu

command-classes = The ten kinds of garment I know
command-what = Reply with it to a photo: what is it?
command-help = What I can do
command-undo = Take back your last correction
command-details = All ten shares of the last answer
command-privacy = What happens to your photos
command-forget = Delete what I store about you
command-status = Is all well? Queue, workers, trainer
command-stats = The last seven days at a glance
command-retrain = Train the model again
command-cancel = Stop the retraining
command-model = Which model answers, and how good it is
command-models = All models, and which one is in use
command-rollback = Back to the previous model
