//! Signal processing, independent of file formats.

pub mod biquad;
pub mod dot;
pub mod f32x4;
pub mod level;
pub mod sanitize;
pub mod sine;
