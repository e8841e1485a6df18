//! Load: the same scenarios, many calls at a time. This page is the map of the room; nothing is sent here.
//!
//! | file | what lives there |
//! |---|---|
//! | [`calls`] | the seam: a story as a worker sees it |
//! | [`template`] | a story compiled into literals and slots, so that a request costs less than a microsecond |

pub mod calls;
pub mod template;
