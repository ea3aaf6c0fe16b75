// Written by `cargo xtask docs` from src/core/error/failure.rs.
export const CALL_ABORTED = "the call was aborted";
export const CLIENT_DISPOSED = "the ThetaOne was disposed of while this ran";
