//! Four `f32` lanes computed together (SIMD).
//!
//! The vector instructions are named explicitly, because the compiler does not find them when
//! compiling for size. Each lane is computed like a plain `f32`, so that all targets return the
//! same bits.

use std::ops::{Add, Mul, Sub};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use scalar as vector;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd as vector;

/// Four numbers.
#[derive(Debug, Clone, Copy)]
pub struct F32x4(vector::Vector);

impl F32x4 {
    /// Creates a vector of these numbers.
    pub fn new(lanes: [f32; 4]) -> Self {
        F32x4(vector::new(lanes))
    }

    /// Creates a vector of four times the same number.
    pub fn splat(value: f32) -> Self {
        F32x4::new([value; 4])
    }

    /// Returns the four numbers.
    pub fn lanes(self) -> [f32; 4] {
        vector::lanes(self.0)
    }
}

impl Add for F32x4 {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        F32x4(vector::add(self.0, other.0))
    }
}

impl Sub for F32x4 {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        F32x4(vector::sub(self.0, other.0))
    }
}

impl Mul for F32x4 {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        F32x4(vector::mul(self.0, other.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use std::arch::wasm32::{f32x4, f32x4_extract_lane};
    pub(super) use std::arch::wasm32::{
        f32x4_add as add, f32x4_mul as mul, f32x4_sub as sub, v128 as Vector,
    };

    #[inline]
    pub(super) fn new([a, b, c, d]: [f32; 4]) -> Vector {
        f32x4(a, b, c, d)
    }

    #[inline]
    pub(super) fn lanes(of: Vector) -> [f32; 4] {
        [
            f32x4_extract_lane::<0>(of),
            f32x4_extract_lane::<1>(of),
            f32x4_extract_lane::<2>(of),
            f32x4_extract_lane::<3>(of),
        ]
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod scalar {
    pub(super) type Vector = [f32; 4];

    pub(super) fn new(lanes: [f32; 4]) -> Vector {
        lanes
    }

    pub(super) fn lanes(of: Vector) -> [f32; 4] {
        of
    }

    pub(super) fn add([a0, a1, a2, a3]: Vector, [b0, b1, b2, b3]: Vector) -> Vector {
        [a0 + b0, a1 + b1, a2 + b2, a3 + b3]
    }

    pub(super) fn sub([a0, a1, a2, a3]: Vector, [b0, b1, b2, b3]: Vector) -> Vector {
        [a0 - b0, a1 - b1, a2 - b2, a3 - b3]
    }

    pub(super) fn mul([a0, a1, a2, a3]: Vector, [b0, b1, b2, b3]: Vector) -> Vector {
        [a0 * b0, a1 * b1, a2 * b2, a3 * b3]
    }
}
