//! What is done after each push, before the next one leaves; who does what stands elsewhere.

use crate::event::{DeliveryId, RunEvent};
use crate::plan::Plan;

/// Something that is done between pushes.
pub trait Between: Send {
    /// A push is settled. No other leaves before this has ended, and scenario time stands still where it can; what is
    /// under way already goes on.
    fn settled(
        &mut self,
        delivery: &DeliveryId,
        events: &mut (dyn FnMut(RunEvent) + Send),
    ) -> impl Future<Output = ()> + Send;

    /// The story goes on by another plan.
    fn replanned(&mut self, _: &Plan) {}
}

/// Nothing is done.
pub(super) struct Nothing;

impl Between for Nothing {
    async fn settled(&mut self, _: &DeliveryId, _: &mut (dyn FnMut(RunEvent) + Send)) {}
}
