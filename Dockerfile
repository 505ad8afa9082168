# One container is a whole site: pages, worker, SQLite in /data. docs/deploy.md tells how to run it.

# Debian 12 for its fonts: the text of PDFs set in its Noto can be copied out again in every script.
FROM python:3.13-slim-bookworm AS build
WORKDIR /opt/undersigned
RUN python -m venv .venv
COPY requirements.lock ./
RUN .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml ./
COPY migrations migrations
COPY templates templates
COPY app app
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q app

FROM python:3.13-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin undersigned \
    && install --directory --owner=undersigned --group=undersigned --mode=0700 /data
COPY --from=build /opt/undersigned /opt/undersigned
ENV PATH=/opt/undersigned/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    UNDERSIGNED_DATA_DIR=/data
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["undersigned", "serve", "--host", "0.0.0.0"]
