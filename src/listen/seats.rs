//! The connections that are served: which of them are silent, and which one has been so for longest.

use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::Service;
use hyper::{Request, Response};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::task::{AbortHandle, Id, JoinSet};

/// The value of a connection that is at work.
const AT_WORK: u64 = 0;

/// Every connection, with what it is at.
#[derive(Default)]
pub(super) struct Seats {
    connections: JoinSet<()>,
    seats: HashMap<Id, (Seat, AbortHandle)>,
    turns: Arc<AtomicU64>,
}

/// What a connection is at: since which turn it has waited for the head of a request, or that it is at work.
#[derive(Clone)]
pub(super) struct Seat {
    silent_since: Arc<AtomicU64>,
    turns: Arc<AtomicU64>,
}

impl Seat {
    fn be_silent(&self) {
        self.silent_since.store(self.turns.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
}

impl Seats {
    pub fn len(&self) -> usize {
        self.connections.len()
    }

    /// Serves one more connection.
    pub fn take<F: Future<Output = ()> + Send + 'static>(&mut self, speaking: impl FnOnce(Seat) -> F) {
        let seat = Seat { silent_since: Arc::default(), turns: Arc::clone(&self.turns) };
        seat.be_silent();
        let handle = self.connections.spawn(speaking(seat.clone()));
        self.seats.insert(handle.id(), (seat, handle));
    }

    pub fn forget_ended(&mut self) {
        while let Some(ended) = self.connections.try_join_next_with_id() {
            let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
            self.seats.remove(&id);
        }
    }

    /// Closes those that have been silent for longest, this many at most; how many there were.
    pub fn close_silent(&mut self, most: usize) -> usize {
        let since = |seat: &Seat| seat.silent_since.load(Ordering::Relaxed);
        let mut silent: Vec<(u64, Id)> = self
            .seats
            .iter()
            .map(|(id, (seat, _))| (since(seat), *id))
            .filter(|(since, _)| *since != AT_WORK)
            .collect();
        silent.sort_unstable_by_key(|(since, _)| *since);
        silent.truncate(most);
        for (_, id) in &silent {
            if let Some((_, handle)) = self.seats.remove(id) {
                handle.abort();
            }
        }
        silent.len()
    }

    /// Waits until all have ended.
    pub async fn ended(&mut self) {
        while self.connections.join_next().await.is_some() {}
    }
}

/// A service that says when its connection is at work: from the head of a request to the end of its answer.
pub(super) struct Seated<S> {
    service: S,
    seat: Seat,
}

impl<S> Seated<S> {
    pub fn new(service: S, seat: Seat) -> Self {
        Self { service, seat }
    }
}

impl<S, B> Service<Request<Incoming>> for Seated<S>
where
    S: Service<Request<Incoming>, Response = Response<B>>,
    S::Future: Send + 'static,
{
    type Response = Response<Answer<B>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let work = Work::begin(self.seat.clone());
        let answering = self.service.call(request);
        Box::pin(async move { Ok(answering.await?.map(|body| Answer { body, _work: work })) })
    }
}

/// A connection is at work for as long as this lives.
struct Work(Seat);

impl Work {
    fn begin(seat: Seat) -> Self {
        seat.silent_since.store(AT_WORK, Ordering::Relaxed);
        Self(seat)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.be_silent();
    }
}

/// The body of an answer, which may come for a long time.
pub(super) struct Answer<B> {
    body: B,
    _work: Work,
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn those_that_have_been_silent_for_longest_make_room_and_none_that_is_at_work() {
        let (mut seats, works) = (Seats::default(), Mutex::new(Vec::new()));
        let (closed, mut all_closed) = mpsc::unbounded_channel();
        for number in 0..4 {
            // Closed with its connection.
            let (open, mut end) = mpsc::channel::<()>(1);
            let closed = closed.clone();
            tokio::spawn(async move {
                end.recv().await;
                closed.send(number).unwrap();
            });
            seats.take(|seat| {
                works.lock().unwrap().push(Work::begin(seat));
                async move {
                    std::future::pending::<()>().await;
                    drop(open);
                }
            });
        }
        assert_eq!((seats.close_silent(9), seats.len()), (0, 4), "all are at work");
        let mut works = works.into_inner().unwrap();
        // The third one has answered first, then the first one.
        for done in [2, 0] {
            drop(works.remove(done));
        }
        assert_eq!(seats.close_silent(1), 1);
        assert_eq!(all_closed.recv().await, Some(2));
        assert_eq!(seats.close_silent(9), 1);
        assert_eq!(all_closed.recv().await, Some(0));
        seats.forget_ended();
        assert_eq!(seats.len(), 2);
    }
}
