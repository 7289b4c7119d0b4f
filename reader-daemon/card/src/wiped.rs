//! Buffers that hold what must not stay in memory (law 6: the photo crosses them on its way from the card).

use zeroize::Zeroizing;

/// Appends; where the buffer has to grow, the old one is wiped and not just given back.
pub(crate) fn append(buffer: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    let needed = buffer.len().saturating_add(more.len());
    if needed > buffer.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(buffer.capacity().saturating_mul(2))));
        larger.extend_from_slice(buffer);
        *buffer = larger;
    }
    buffer.extend_from_slice(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_all_there_and_a_buffer_that_is_large_enough_is_not_moved() {
        let mut buffer = Zeroizing::new(vec![1]);
        for byte in 2..=200 {
            append(&mut buffer, &[byte]);
        }
        assert_eq!(*buffer, (1..=200).collect::<Vec<u8>>());
        let mut roomy = Zeroizing::new(Vec::with_capacity(10));
        let place = roomy.as_ptr();
        append(&mut roomy, &[1; 10]);
        assert_eq!(roomy.as_ptr(), place);
    }
}
