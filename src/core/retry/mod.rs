//! When a request is sent, and when it is sent again.

pub mod decision;
pub mod policy;
pub mod rate_limiter;
