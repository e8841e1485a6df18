//! Takes connections and speaks HTTP/1.1 on them, within limits, until it is told to end. What is answered is the service's.

use hyper::Request;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// How long the head of a request may be; parameters travel in it.
pub const HEAD_MAX_BYTES: usize = 64 * 1024;
/// How many connections are served at a time; further ones wait.
pub const CONNECTIONS_MAX: usize = 1024;
/// How long the head of a request may take, which also ends connections without work.
pub const HEAD_READ_MAX: Duration = Duration::from_secs(30);
/// How long connections may go on after the end was asked for.
pub const DRAIN_MAX: Duration = Duration::from_secs(3);
/// How long to rest when the system has no socket left.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// Serves until `shutdown`; then connections may end what they are at within [`DRAIN_MAX`].
pub async fn serve<S, B>(listener: TcpListener, service: S, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = hyper::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let (ending, _) = watch::channel(false);
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        // Ended connections are forgotten, so that a long life does not fill the memory.
        while connections.try_join_next().is_some() {}
        let accept = async {
            let permit = permits.clone().acquire_owned().await;
            (listener.accept().await, permit)
        };
        tokio::select! {
            () = &mut shutdown => break,
            (accepted, permit) = accept => match accepted {
                Ok((stream, _)) => {
                    let speaking = speak(stream, service.clone(), ending.subscribe());
                    connections.spawn(async move {
                        speaking.await;
                        drop(permit);
                    });
                }
                Err(_) => tokio::time::sleep(ACCEPT_REST).await,
            },
        }
    }
    drop(listener);
    ending.send_replace(true);
    let drained = async { while connections.join_next().await.is_some() {} };
    // What has not ended by now is dropped with the set.
    let _ = tokio::time::timeout(DRAIN_MAX, drained).await;
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
