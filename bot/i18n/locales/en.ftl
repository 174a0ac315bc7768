## The answer to a photo

answer-sure = { $garment }, { $percent }%
answer-unsure = Not sure: { $first } { $firstpercent }% or { $second } { $secondpercent }%
answer-none = None of the ten garments I know. Closest: { $garment } { $percent }%
tip-closer = Tip: move closer, so that it fills most of the photo.
tip-one-piece = Tip: one piece at a time works best.
tip-plain-ground = Tip: lay or hang one piece against a plain background.
answer-unreadable = I couldn’t open that as a picture. Could you send it as a photo, or as a JPEG or PNG file?
answer-too-large = That picture is larger than I can handle. Could you send it as an ordinary photo?
answer-failed = Something went wrong with this photo on my side. Please try another one.

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
correction-too-late = I no longer know this answer, so it can’t be corrected: I remember answers for seven days, or until /forget.
corrections-off = Answers can’t be corrected at the moment: this bot’s admins have not set that up.
undo-done = Taken back: { $label }. The answer is as it was.
undo-nothing = There is nothing of the last seven days to take back.
details-class = { $garment }: { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) }%
details-garment = One of my ten garments at all: { $percent }%
details-model = Model: { $version }
details-nothing = I don’t remember an answer of yours in this chat. Send me a photo first, or reply with /details to one of my answers of the last seven days.

## Whether photos may be kept

consent-ask = One question, which I ask only once: may I keep a small copy of the photos whose answers you correct, to learn from them?

    It covers your corrections from now on, and those of the last seven days. The copies are encrypted and don’t carry your name; /forget deletes them at any time. Without your yes I only count that there was a correction.
consent-open = You haven’t decided whether I may keep a small copy of the photos whose answers you correct. Without your yes I keep none.
consent-yes = You allow me to keep a small, encrypted copy of the photos whose answers you correct, to learn from them. Thank you! /forget deletes them at any time.
consent-no = You don’t allow me to keep photos to learn from. I have none of yours, and only count corrections.
consent-not-yours = Only the person who was asked can answer this.
button-keep = Yes, keep them
button-do-not-keep = No
button-keep-after-all = Allow it after all
button-keep-no-longer = Stop, and delete them

## Deleting what is kept

forget-done = Deleted just now:
forget-corrections = • { $count } { $count ->
    [one] correction, with the small copy of its photo
   *[other] corrections, with the small copies of their photos
}
forget-answers = • what I remembered of { $count } { $count ->
    [one] answer, so that it could be corrected
   *[other] answers, so that they could be corrected
}
forget-photos = • { $count } { $count ->
    [one] photo that waited to be redrawn or was set aside
   *[other] photos that waited to be redrawn or were set aside
}
forget-consent = • my question whether I may keep photos, and your answer
forget-model = What a model has learned before stays in it, but these photos are not used again.
forget-nothing = I keep nothing of you that could be deleted.

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
photo-too-big = That file is over { $megabytes } MB, which is more than I can fetch. Could you send it as an ordinary photo?
photo-not-fetched = I couldn’t fetch that file from Telegram. Please send it again.

## What a person asks for

start = 👋 Hi! Send me a photo of one garment and I’ll tell you what it is, and how sure I am.

    /classes shows the ten kinds that I know, /help tells more.
help = Send me a photo of a garment: one piece, lying flat, hanging or worn. A picture sent as a file works too. I reply with what I think it is, how sure I am and a chart.

    /classes – the ten kinds of garment that I know
    /undo – take back your last correction
    /details – all ten shares of the last answer
    /model – which model answers, and how good it is
    /privacy – what happens to your photos
    /forget – delete what I keep of you
    /help – this message
help-admin = For admins:

    /status – the queue, the workers and their models
    /models – all models, and which one is to answer
    /rollback – back to the model before
    /retrain – train the model anew
    /cancel – stop the retraining
classes = These are the ten kinds of garment that I know:

    { $list }
privacy = What happens to what you send me:

    • A photo waits in a queue until it is answered, and is then deleted there. My reply, with a small copy of the photo in it, is deleted on my side as soon as Telegram has it. So that there is room for everybody, I count how many photos of yours are waiting, and for a minute how many you sent.
    • A photo that makes my program fail again and again is set aside for up to a day, so that the fault can be found, and is then deleted; /forget deletes it at once.
    • Of other messages I keep nothing once they are handled. For a day I remember a message’s number, with a short checksum, so that none is answered twice.
    • My log can hold the numbers of chats and messages when something goes wrong; never a photo.
privacy-nothing-learned = • Nothing is kept to learn from.
privacy-corrections = • For seven days I remember, encrypted, what I answered, to whom, and Telegram’s reference to the photo (not the photo itself), so that you can correct the answer. Then I fetch the photo from Telegram once more to redraw the picture, and it waits in the queue as before.
    • Of what you say about an answer I keep a count. Only with your yes do I also keep a small copy of the photo, the right kind, what I had said, the date, and a code in place of your Telegram number, to learn from them. All of it is encrypted and stays until you say /forget, or change your mind below. Your yes or no is kept under the same code.
    • /forget deletes at once all that I keep of you, and says what that was. A model that has already learned from a photo stays as it is, but the photo is not used again.
privacy-passed-on = • Nothing is passed on. The photo and my reply stay in this Telegram chat until you delete them.

## For admins

admin-private = Admins’ commands work only in the private chat with me, where nobody reads along.
admin-only = That command is for this bot’s admins.
status = Waiting: { $waiting } { $waiting ->
    [one] photo
   *[other] photos
}
status-oldest = The oldest has waited { $seconds } s.
status-dead = Set aside after failing: { $dead }.
status-no-worker = No worker is running: photos wait until one starts.
status-worker = { $name }: model { $model }, { $answered } answered, seen { $seconds } s ago

## Models

model-serves = Model { $version } ({ $network }) answers, since { $since }.
model-ships = Model { $version } ({ $network }) answers: the one that ships with me.
model-base = It goes on from model { $base }.
model-learned = It learned from:
model-source-fashion-mnist = { $count } pictures of Fashion-MNIST
model-source-photos = { $count } { $count ->
    [one] photo
   *[other] photos
} of clothes
model-source-corrections = { $count } { $count ->
    [one] correction
   *[other] corrections
} from this chat’s people
model-figures = How good it is, on pictures that it did not learn from:
model-figure-fashion-mnist = Fashion-MNIST { $percent }% right
model-figure-photos = photos { $percent }% right
model-figure-corrections = corrections { $percent }% right
model-error-fashion-mnist = its percentages are off by { $percent } points on Fashion-MNIST
model-error-photos = its percentages are off by { $percent } points on photos
model-unmeasured = It was not measured.
model-others = At this moment answers also come from: { $versions }.
model-gone = Model { $version } is to answer, but it is not there any more. /models shows those that are.
models = The models that there are; ▶️ is the one that answers:
models-made = made { $date }
models-ships = ships with me
models-refused = ⚠️ could not be loaded
models-already = { $version } answers already.
models-changed = Things have changed meanwhile, so I did nothing. This is how they stand.
promoted = ✅ { $version } answers from now on.
rolled-back = ↩️ Back from { $old } to { $version }, which answers from now on.
rollback-ask = { $version } answers now. Before it, { $before } did.
rollback-nothing = { $version } answers, and no model did before it: there is nothing to go back to. /models shows all.
button-promote = Let { $version } answer
button-rollback = ↩️ Back to { $version }
admin-only-button = Only this bot’s admins may do that.
notice-model-refused = ⚠️ A worker could not take up model { $version }: { $reason } It goes on with the model that it had. /models shows all, /rollback goes back.
refused-missing = its file is not there any more.
refused-damaged = its file is damaged, it is not the one that was published.
refused-unloadable = its file is no Keras model that can be loaded safely.
refused-unfit = it does not fit: it takes other pictures, or gives other answers, than ours.

## Anything else

other-text = Send me a photo of a garment and I’ll tell you what it is. /help tells more.
other-video = I can’t watch videos. Send me a photo of the garment instead.
other-sticker = Nice one! But I only know garments in photos, so send me one of those.
other-document = I can’t read that kind of file. Send me the garment as a photo, or as a JPEG or PNG file.
other-voice = I can’t listen to sounds. Send me a photo of a garment instead.
other-anything = I only know photos of garments. Send me one and I’ll tell you what it is.
other-button = That button no longer does anything.
other-forwarded-command = That command isn’t from you, so I left it. If you mean it, write it yourself.
other-command = I don’t know that command. /help lists those that I do.

error = Sorry, something went wrong on my side. Please try again in a moment.

## Retraining

retrain-usage = Usage: /retrain [network] [epochs=N]

    /retrain – fine-tunes the model that serves now
    /retrain ann – trains a network from scratch; there are { $networks }
    /retrain epochs=5 – goes through the data so many times, 1 to { $most }
retrain-ask = Fine-tune the model that serves now?
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
retrain-corrections-off = Corrections are off: CORRECTIONS_KEY is not set.
retrain-corrections = { $kept ->
    [0] No corrections are kept yet.
   *[other] Corrections (Corr.): { $kept }, of which { $new } came since the current model.
}
retrain-yes = Retrain
retrain-no = Leave it
retrain-declined = All right, nothing was started.
retrain-started = It begins.
retrain-old-button = This one was started before, and is over. /retrain asks anew.
retrain-title = 🧵 Fine-tuning, asked for by { $name }
retrain-title-network = 🧵 Training { $network } from scratch, asked for by { $name }
retrain-waits = It begins in a moment.
retrain-waits-again = The trainer was lost in the middle of it. Another attempt begins in a moment.
retrain-no-trainer = No trainer is running, so it waits. It begins by itself once one is started: python -m model trainer
retrain-stage-waiting = Beginning
retrain-stage-loading = Loading the data
retrain-stage-training = Training
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
retrain-silent = The trainer gives no sign of life. If it does not come back, another attempt begins by itself.
retrain-again = The first attempt died; this is the second.
retrain-can-cancel = /cancel stops it.
retrain-late = It is too late to cancel; /rollback takes a model back.
retrain-cancelling = Cancelled by { $name }: it stops in a moment.
retrain-busy = { $name } asked for a retraining { $ago } ago; there is one at a time.
retrain-busy-telling = The retraining that { $name } asked for is over, and its outcome is just being sent. Please try again in a moment.
retrain-gone = This retraining is gone: Redis was emptied. /retrain asks for it anew.
retrain-took = It took { $time }.
retrain-promoted = ✅ The new model { $version } serves from now on.
retrain-kept = ↩️ The model that serves stays; nothing changed.
retrain-failed = ⚠️ The retraining failed; nothing changed.
retrain-cancelled = ⏹ Cancelled by { $name }.
retrain-unchanged = The model that serves stays as it was.
retrain-album = Loss per epoch, predictions of the new model, its confusions.
retrain-old = old
retrain-new = new
retrain-learned = Trained on { $sources }.
retrain-measured = Measured on { $on }.
retrain-better = Promoted because it gained more than chance explains on { $gained }, and lost more than the margin allows on nothing.
retrain-lost = Not promoted because the new one lost more than the margin allows on { $lost }.
retrain-no-gain = Not promoted because the new one gained no more than chance explains on anything.
retrain-no-corrections = There was nothing new to learn: no corrections are kept. Correct some answers first, with “wrong” under them.
retrain-no-fashion-mnist = The trainer cannot get Fashion-MNIST. Put its four files into DATASETS_DIR/fashion-mnist, or let the trainer reach the internet; then send /retrain again.
    The trainer says: { $detail }
retrain-died = The trainer’s process died in every attempt ({ $detail }). Its log may say more; SIGKILL often means that memory ran out.
retrain-error = The training ended with an error: { $detail }
    The trainer’s log says more.
retrain-unknown-network = There is no network { $detail } here: the trainer may be of another version than I am.
figure-fashion-mnist = Fashion-MNIST
figure-fashion-mnist-short = Fashion-MNIST
figure-photos = validation photos
figure-photos-short = Photos
figure-corrections = held-back corrections
figure-corrections-short = Corrections
figure-fashion-mnist-ece = calibration on Fashion-MNIST
figure-fashion-mnist-ece-short = ECE F-MNIST
figure-photos-ece = calibration on validation photos
figure-photos-ece-short = ECE photos
figure-photos-auroc = telling garments from the rest on validation photos
figure-photos-auroc-short = AUROC photos
counted-fashion-mnist = held-back images of Fashion-MNIST
counted-photos = validation photos
counted-corrections = held-back corrections
cancel-idle = There is no retraining to cancel.
cancel-finished = The retraining is over already; its outcome is just being sent.
cancel-late = Too late: the new model is just being published. /rollback takes it back.
cancel-done = Cancelled.
cancel-asked = It stops within a few seconds.
number = { $number }
percent = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) }%
whole-percent = { $percent }%
time-seconds = { $seconds } s
time-minutes = { $minutes } min { $seconds } s
time-hours = { $hours } h { $minutes } min

## The command menu

command-classes = The ten kinds of garment that I know
command-help = What I can do
command-undo = Take back your last correction
command-details = All ten shares of the last answer
command-privacy = What happens to your photos
command-forget = Delete what I keep of you
command-status = The queue, the workers and their models
command-retrain = Train the model anew
command-cancel = Stop the retraining
command-model = Which model answers, and how good it is
command-models = All models, and which one is to answer
command-rollback = Back to the model before
