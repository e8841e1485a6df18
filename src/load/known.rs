//! Answers known by heart: a receiver says the same a million times, and what the vendor makes of it is the same each time.

/// The longest answer that is learnt.
const ANSWER_MAX_BYTES: usize = 2048;
/// How many are known at a time; a new one takes the place of the oldest.
const ANSWERS_MAX: usize = 4;

/// Whole answers that acknowledge a push of one kind and leave the connection open, byte by byte.
#[derive(Debug, Clone, Default)]
pub struct Known {
    answers: Vec<(Vec<u8>, u16)>,
    oldest: usize,
}

impl Known {
    /// The status of the answer, where it is known.
    pub fn find(&self, bytes: &[u8]) -> Option<u16> {
        self.answers.iter().find(|(answer, _)| answer == bytes).map(|(_, status)| *status)
    }

    /// Learns an answer.
    pub fn learn(&mut self, bytes: &[u8], status: u16) {
        if bytes.len() > ANSWER_MAX_BYTES {
            return;
        }
        if self.answers.len() < ANSWERS_MAX {
            self.answers.push((bytes.to_vec(), status));
        } else {
            let (answer, known) = &mut self.answers[self.oldest];
            answer.clear();
            answer.extend_from_slice(bytes);
            *known = status;
            self.oldest = (self.oldest + 1) % ANSWERS_MAX;
        }
    }
}
