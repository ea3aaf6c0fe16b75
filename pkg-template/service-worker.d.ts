// thetaone-web/service-worker: brings the outbox and references to service workers, which import nothing on demand.

export {};
