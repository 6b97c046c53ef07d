# One image for all processes of Tenure: web, worker, scheduler, migrate.

FROM node:22-slim AS page
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.11-slim AS program
WORKDIR /app
RUN python -m venv .venv
COPY backend/requirements.lock backend/
RUN .venv/bin/pip install --no-cache-dir --require-hashes --requirement backend/requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY backend backend
# Editable, like `make setup`: the program looks for the page beside its folder.
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q backend

FROM python:3.11-slim
# For `tenure backup` and `tenure restore`: pg_dump and pg_restore, not older than the server.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tenure
WORKDIR /app
COPY --from=program /app /app
COPY --from=page /app/frontend/dist frontend/dist
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER tenure
EXPOSE 8000
# A worker needs up to ten seconds to stop; Docker waits as long.
STOPSIGNAL SIGTERM
ENTRYPOINT ["tenure"]
CMD ["serve", "--host", "0.0.0.0"]
