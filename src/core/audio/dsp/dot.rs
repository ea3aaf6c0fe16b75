//! The inner product, which is nearly all of the work of resampling.
//!
//! Both forms sum sixteen lanes and then those in the same order, so that they
//! give the same bits; a test in the browser holds them to that.

/// How many sums run side by side: enough to hide the latency of an addition.
pub const LANES: usize = 16;

/// The inner product of two slices; of the shorter length where they differ.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return simd(a, b);
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    return scalar(a, b);
}

/// Without vector instructions.
pub fn scalar(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a, a_left) = a.as_chunks::<LANES>();
    let (b, b_left) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let lanes = std::array::from_fn(|lane| {
        (sums[lane] + sums[lane + 4]) + (sums[lane + 8] + sums[lane + 12])
    });
    total(lanes, a_left, b_left)
}

/// With the vector instructions of WebAssembly.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[allow(unsafe_code)]
#[inline(always)]
pub fn simd(a: &[f32], b: &[f32]) -> f32 {
    use std::arch::wasm32::{
        f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat, v128, v128_load,
    };

    // SAFETY: called with four consecutive samples; WebAssembly loads need no
    // alignment.
    let product = |a: &[f32; 4], b: &[f32; 4]| unsafe {
        f32x4_mul(
            v128_load(a.as_ptr().cast::<v128>()),
            v128_load(b.as_ptr().cast::<v128>()),
        )
    };
    // Four variables and no array: when compiling for size, a loop over an
    // array stays a loop, and keeps the sums in memory.
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

/// The sum of four lanes, and of what was left of both slices.
fn total(lanes: [f32; 4], a_left: &[f32], b_left: &[f32]) -> f32 {
    let rest: f32 = a_left.iter().zip(b_left).map(|(a, b)| a * b).sum();
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}
