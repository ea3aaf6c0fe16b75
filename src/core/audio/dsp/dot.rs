//! The inner product, which is nearly all of the work of resampling.
//!
//! Both implementations sum sixteen lanes, and then those in the same order, so that they return
//! the same bits. A test in the browser verifies that.

/// The number of sums in parallel: enough to hide the latency of an addition.
pub const LANES: usize = 16;

/// Returns the inner product of two slices, of the shorter length if they differ.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return simd(a, b);
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    return scalar(a, b);
}

/// Computes the inner product without vector instructions.
#[allow(
    clippy::indexing_slicing,
    reason = "no index exceeds 3 + 12, and there are 16 sums"
)]
pub fn scalar(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a, a_left) = a.as_chunks::<LANES>();
    let (b, b_left) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let lanes = std::array::from_fn(|lane| {
        (sums[lane] + sums[lane + 4]) + (sums[lane + 8] + sums[lane + 12])
    });
    total(lanes, a_left, b_left)
}

/// Computes the inner product with the vector instructions of WebAssembly.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[allow(unsafe_code)]
#[allow(
    clippy::indexing_slicing,
    reason = "16 numbers are four chunks of four"
)]
#[inline(always)]
pub fn simd(a: &[f32], b: &[f32]) -> f32 {
    use std::arch::wasm32::{
        f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat, v128, v128_load,
    };

    // SAFETY: called with four consecutive samples; WebAssembly loads need no alignment.
    let product = |a: &[f32; 4], b: &[f32; 4]| unsafe {
        f32x4_mul(
            v128_load(a.as_ptr().cast::<v128>()),
            v128_load(b.as_ptr().cast::<v128>()),
        )
    };
    // Four variables instead of an array: when compiling for size, a loop over an array stays a
    // loop, and keeps the sums in memory.
    let zero = f32x4_splat(0.0);
    let (mut sum0, mut sum1, mut sum2, mut sum3) = (zero, zero, zero, zero);
    let (a, a_left) = a.as_chunks::<LANES>();
    let (b, b_left) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        let (a, _) = a.as_chunks::<4>();
        let (b, _) = b.as_chunks::<4>();
        sum0 = f32x4_add(sum0, product(&a[0], &b[0]));
        sum1 = f32x4_add(sum1, product(&a[1], &b[1]));
        sum2 = f32x4_add(sum2, product(&a[2], &b[2]));
        sum3 = f32x4_add(sum3, product(&a[3], &b[3]));
    }
    let sum = f32x4_add(f32x4_add(sum0, sum1), f32x4_add(sum2, sum3));
    let lanes = [
        f32x4_extract_lane::<0>(sum),
        f32x4_extract_lane::<1>(sum),
        f32x4_extract_lane::<2>(sum),
        f32x4_extract_lane::<3>(sum),
    ];
    total(lanes, a_left, b_left)
}

/// Returns the sum of four lanes, and of the rest of both slices.
fn total([a, b, c, d]: [f32; 4], a_left: &[f32], b_left: &[f32]) -> f32 {
    let rest: f32 = a_left.iter().zip(b_left).map(|(x, y)| x * y).sum();
    (a + b) + (c + d) + rest
}
