# The product with what it runs on: alone it is the small installation, with the variables of docker-compose.yml it uses real servers.
FROM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web-agent/package.json web-agent/
COPY infra/embedded/documents/package.json infra/embedded/documents/
COPY infra/embedded/objects/package.json infra/embedded/objects/
COPY infra/embedded/sip/package.json infra/embedded/sip/
RUN npm ci --include=dev
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-trixie-slim
ENV NODE_ENV=production PROOFLINE_HOME=/data
WORKDIR /app
COPY infra/bootstrap/install-packages.sh /tmp/
RUN sh /tmp/install-packages.sh rtpengine-daemon valkey-server ffmpeg tini \
  && rm -rf /tmp/install-packages.sh /var/lib/apt/lists/* \
  && useradd --system --uid 10050 --home-dir /data --create-home proofline
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/web-agent/dist web-agent/dist
# The parts that are no code: prompts that the relay plays, calendars, templates.
COPY services services
COPY infra infra
USER proofline
VOLUME /data
EXPOSE 8443/tcp 5060/tcp 5060/udp
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/infra/supervisor/main.js"]
