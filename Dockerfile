# Kept in a container: two stages, no root, nothing but /state is written. Not built in CI, which has no
# container engine; tests/adapters/test_containers.py holds this file to what docs/operating.md says of it.
#
#   docker build -t kept .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL -p 127.0.0.1:8765:8765 -v kept:/state --env-file .env kept

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/kept
COPY pyproject.toml constraints.txt LICENSE ./
COPY commitments ./commitments
COPY bot ./bot
COPY adapters ./adapters
RUN /opt/kept/bin/pip install --no-cache-dir --no-compile -c constraints.txt ".[postgres]" \
 && /opt/kept/bin/pip uninstall --yes pip \
 && /opt/kept/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/kept/lib

FROM python:3.13-slim
# tzdata comes from PyPI with Kept: slim images have no time zones of their own.
ENV PATH=/opt/kept/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8765
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin kept \
 && install -d -o kept -g kept -m 0700 /state
COPY --from=build /opt/kept /opt/kept
USER 10001
# app.yaml, kept.db unless there is a PostgreSQL, and the record of erasures.
WORKDIR /state
VOLUME ["/state"]
EXPOSE 8765
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=4)"]
CMD ["kept", "serve"]
