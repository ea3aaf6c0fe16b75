//! The inner product, which is nearly all of the work of resampling.
//!
//! Both forms sum sixteen lanes and then those in the same order, so that they
//! give the same bits; a test in the browser holds them to that.

/// How many sums run side by side: enough to hide the latency of an addition.
const LANES: usize = 16;

/// The inner product of two slices; of the shorter length where they differ.
#[inline]
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
    total(sums, a_left, b_left)
}

/// With the vector instructions of WebAssembly.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[allow(unsafe_code)]
pub fn simd(a: &[f32], b: &[f32]) -> f32 {
    use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_store};

    const VECTOR: usize = 4;
    let mut sums = [f32x4_splat(0.0); LANES / VECTOR];
    let (a, a_left) = a.as_chunks::<LANES>();
    let (b, b_left) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for (vector, sum) in sums.iter_mut().enumerate() {
            let at = vector * VECTOR;
            // SAFETY: `at + 4 <= 16`, the length of both chunks; WebAssembly
            // loads need no alignment.
            let (a, b) = unsafe {
                (
                    v128_load(a.as_ptr().add(at).cast::<v128>()),
                    v128_load(b.as_ptr().add(at).cast::<v128>()),
                )
            };
            *sum = f32x4_add(*sum, f32x4_mul(a, b));
        }
    }
    let mut lanes = [0.0f32; LANES];
    for (vector, sum) in sums.iter().enumerate() {
        // SAFETY: as above.
        unsafe { v128_store(lanes.as_mut_ptr().add(vector * VECTOR).cast::<v128>(), *sum) };
    }
    total(lanes, a_left, b_left)
}

fn total(sums: [f32; LANES], a_left: &[f32], b_left: &[f32]) -> f32 {
    let rest: f32 = a_left.iter().zip(b_left).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
