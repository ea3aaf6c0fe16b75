// thetaone-web/service-worker: brings transcribeLong, the outbox and references to service workers, which import nothing on
// demand.

export {};
