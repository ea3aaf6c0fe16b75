//! Four `f32` lanes computed together (SIMD).
//!
//! Vector instructions by name, where there are some: compiling for size, the
//! compiler does not find them by itself. Each lane is computed as a plain `f32`
//! is, so that all targets give the same bits.

use std::ops::{Add, Mul, Sub};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use scalar as vector;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd as vector;

/// Four numbers.
#[derive(Debug, Clone, Copy)]
pub struct Lanes(vector::Vector);

impl Lanes {
    /// These numbers.
    pub fn new(lanes: [f32; 4]) -> Self {
        Lanes(vector::new(lanes))
    }

    /// The same number four times.
    pub fn splat(value: f32) -> Self {
        Lanes::new([value; 4])
    }

    /// The numbers.
    pub fn lanes(self) -> [f32; 4] {
        vector::lanes(self.0)
    }
}

impl Add for Lanes {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Lanes(vector::add(self.0, other.0))
    }
}

impl Sub for Lanes {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Lanes(vector::sub(self.0, other.0))
    }
}

impl Mul for Lanes {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        Lanes(vector::mul(self.0, other.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use std::arch::wasm32::{f32x4, f32x4_extract_lane};
    pub use std::arch::wasm32::{
        f32x4_add as add, f32x4_mul as mul, f32x4_sub as sub, v128 as Vector,
    };

    #[inline]
    pub fn new([a, b, c, d]: [f32; 4]) -> Vector {
        f32x4(a, b, c, d)
    }

    #[inline]
    pub fn lanes(of: Vector) -> [f32; 4] {
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
    pub type Vector = [f32; 4];

    pub fn new(lanes: [f32; 4]) -> Vector {
        lanes
    }

    pub fn lanes(of: Vector) -> [f32; 4] {
        of
    }

    pub fn add(a: Vector, b: Vector) -> Vector {
        std::array::from_fn(|lane| a[lane] + b[lane])
    }

    pub fn sub(a: Vector, b: Vector) -> Vector {
        std::array::from_fn(|lane| a[lane] - b[lane])
    }

    pub fn mul(a: Vector, b: Vector) -> Vector {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }
}
