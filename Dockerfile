# syntax=docker/dockerfile:1
# Ballast as an image. The last stage is the smallest and runs the servers; `--target cli` has git too, for
# `--against`; `--target argocd-plugin` is the plugin for Argo CD. Other base images: --build-arg BUILD_IMAGE=… (Node 20 or newer and npm), --build-arg RUNTIME_IMAGE=… (glibc
# and libstdc++).
ARG BUILD_IMAGE=docker.io/library/node:24-bookworm-slim
ARG RUNTIME_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# The scripts of the packages bring the Node that the lock file pins; our own would need the sources.
RUN npm pkg delete scripts.prepare && npm ci
COPY . .
RUN npm run build && chmod +x dist/ballast.mjs && cp "$(npm exec -c 'node -p process.execPath')" /node

FROM ${RUNTIME_IMAGE} AS program
COPY --from=build /node /usr/local/bin/node
COPY --from=build /src/dist /ballast
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/node", "/ballast/ballast.mjs"]

FROM program AS cli
USER 0:0
RUN ln -s /ballast/ballast.mjs /usr/local/bin/ballast
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git && rm -rf /var/lib/apt/lists/*
# A mounted checkout belongs to another user; the program only reads it.
RUN git config --system --add safe.directory '*'
USER 65532:65532

# A sidecar of Argo CD's repository server (argocd/plugin/), which brings the program that is started.
FROM program AS argocd-plugin
USER 0:0
RUN ln -s /ballast/ballast.mjs /usr/local/bin/ballast
COPY argocd/plugin/plugin.yaml /home/argocd/cmp-server/config/plugin.yaml
USER 999:999
ENTRYPOINT []
CMD ["/var/run/argocd/argocd-cmp-server"]

FROM program
