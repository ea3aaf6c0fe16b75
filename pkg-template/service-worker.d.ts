// thetaone-web/service-worker: imports transcribeLong, the outbox and references at once, because
// service workers cannot import on demand.

export {};
