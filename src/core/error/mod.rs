//! Errors: the failure of a call, and the classification of the API's error responses.

pub mod classify;
pub mod detail;
pub mod failure;
pub mod http_date;
