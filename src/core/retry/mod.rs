//! Decides when a request is sent, and whether it is sent again.

pub mod decision;
pub mod policy;
pub mod rate_limiter;
