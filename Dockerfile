# syntax=docker/dockerfile:1
# The command line as an image: for CI, and as an Argo CD plugin. Another base: --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build.ts

FROM ${NODE_IMAGE}
# --against asks git for the state before the change.
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/dist /ballast
# A checkout that is mounted belongs to somebody else; it is read only.
RUN git config --system --add safe.directory '*'
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["node", "/ballast/ballast.mjs"]
