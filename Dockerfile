# Three images from one file: only the trainer's brings TensorFlow.
FROM python:3.12-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --uid 10001 --create-home modista
WORKDIR /app
# Restarts what is killed or crashes, and kills what gives no sign of life: compose's health checks
# only show it.
ENTRYPOINT ["python", "-m", "model.common.supervisor"]

FROM base AS bot
COPY requirements/bot.txt requirements/
RUN pip install --require-hashes -r requirements/bot.txt
COPY bot bot
# Of the model the bot imports `common` alone. The weights stay out, but not their facts.
COPY model/__init__.py model/
COPY model/common model/common
COPY model/weights/*.json model/weights/
USER modista
CMD ["python", "-m", "bot"]

FROM base AS worker
COPY requirements/worker.txt requirements/
RUN pip install --require-hashes -r requirements/worker.txt
COPY model model
USER modista
CMD ["python", "-m", "model", "worker"]

FROM base AS trainer
COPY requirements/trainer.txt requirements/
RUN pip install --require-hashes -r requirements/trainer.txt
COPY model model
# matplotlib wants a folder for its font cache that it may write to.
ENV MPLCONFIGDIR=/tmp/matplotlib
# The trainer's volume takes its owner from here.
RUN mkdir /data && chown modista /data
USER modista
CMD ["python", "-m", "model", "trainer"]
