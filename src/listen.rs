//! Takes connections and speaks HTTP/1.1 on them, within limits, until it is told to end. What is answered is the service's.

mod seats;

use hyper::Request;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use seats::{Seated, Seats};
use std::error::Error;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How long the head of a request may be; parameters travel in it.
pub const HEAD_MAX_BYTES: usize = 64 * 1024;
/// How many connections are served at a time. A further one takes the place of the one that has been silent for longest;
/// if none is silent, it waits.
pub const CONNECTIONS_MAX: usize = 1024;
/// How long the head of a request may take, which also ends connections without work.
pub const HEAD_READ_MAX: Duration = Duration::from_secs(10);
/// How long connections may go on after the end was asked for.
pub const DRAIN_MAX: Duration = Duration::from_secs(3);
/// How long to rest when the system has no socket left, or every connection is at work.
const ACCEPT_REST: Duration = Duration::from_millis(50);
/// How many silent connections are closed when the system has no socket left: an answer may need some, too.
const CLOSED_AT_ONCE: usize = 32;

/// Serves until `shutdown`; then connections may end what they are at within [`DRAIN_MAX`].
pub async fn serve<S, B>(listener: TcpListener, service: S, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = hyper::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Unpin + Send + 'static,
{
    let (ending, _) = watch::channel(false);
    let mut seats = Seats::default();
    tokio::pin!(shutdown);
    'serving: loop {
        // Ended connections are forgotten, so that a long life does not fill the memory.
        seats.forget_ended();
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                seats.forget_ended();
                while seats.len() >= CONNECTIONS_MAX && seats.close_silent(1) == 0 {
                    tokio::select! {
                        () = &mut shutdown => break 'serving,
                        () = tokio::time::sleep(ACCEPT_REST) => seats.forget_ended(),
                    }
                }
                let (service, ending) = (service.clone(), ending.subscribe());
                seats.take(|seat| speak(stream, Seated::new(service, seat), ending));
            }
            Err(_) => {
                seats.close_silent(CLOSED_AT_ONCE);
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
    drop(listener);
    ending.send_replace(true);
    // What has not ended by now is dropped with the seats.
    let _ = tokio::time::timeout(DRAIN_MAX, seats.ended()).await;
}

async fn speak<S, B>(stream: TcpStream, service: S, mut ending: watch::Receiver<bool>)
where
    S: Service<Request<Incoming>, Response = hyper::Response<B>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
{
    // Without it answers would only be slower.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_READ_MAX)
        .max_header_size(HEAD_MAX_BYTES)
        // One that says it sends nothing more may still wait for its answer.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = ending.wait_for(|ending| *ending) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
