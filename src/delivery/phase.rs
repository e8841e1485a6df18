//! Watches a connection to tell the phases of an attempt apart: was the request written, has anything come back.

use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// Any stream that HTTP can be spoken on.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// What is known of the request that is under way on a connection.
#[derive(Debug, Default)]
pub(super) struct Progress {
    wrote: AtomicBool,
    flushed: AtomicBool,
    read: AtomicBool,
    /// What the first bytes that ever came back look like.
    tongue: AtomicU8,
    heard: Notify,
}

/// What the other side speaks, by the first bytes that came back of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue {
    /// Nothing came, or nothing that is known.
    Unknown = 0,
    /// An answer of HTTP/1.
    Http1 = 1,
    /// The settings that HTTP/2 begins with.
    Http2 = 2,
}

impl Tongue {
    /// RFC 9113, 3.4 and 4.1: the first frame is SETTINGS (4), on stream 0, and acknowledges nothing.
    fn of(bytes: &[u8]) -> Tongue {
        match bytes {
            [b'H', b'T', b'T', b'P', b'/', b'1', ..] => Tongue::Http1,
            [0, _, _, 4, 0, 0, 0, 0, 0, ..] => Tongue::Http2,
            _ => Tongue::Unknown,
        }
    }
}

impl Progress {
    /// Forgets the request before.
    pub(super) fn reset(&self) {
        for mark in [&self.wrote, &self.flushed, &self.read] {
            mark.store(false, Ordering::Release);
        }
    }

    /// Whether the whole request was handed to the system. hyper flushes only when it has nothing left to write.
    pub(super) fn is_written(&self) -> bool {
        self.flushed.load(Ordering::Acquire)
    }

    /// Whether any byte came back.
    pub(super) fn is_answered(&self) -> bool {
        self.read.load(Ordering::Acquire)
    }

    /// What the other side speaks.
    pub(super) fn tongue(&self) -> Tongue {
        match self.tongue.load(Ordering::Acquire) {
            1 => Tongue::Http1,
            2 => Tongue::Http2,
            _ => Tongue::Unknown,
        }
    }

    /// Waits until a byte comes back. For one waiter.
    pub(super) async fn heard(&self) {
        self.heard.notified().await;
    }

    fn note_read(&self, bytes: &[u8]) {
        if !self.read.swap(true, Ordering::AcqRel) {
            self.heard.notify_one();
        }
        if self.tongue() == Tongue::Unknown {
            self.tongue.store(Tongue::of(bytes) as u8, Ordering::Release);
        }
    }

    fn note_write(&self, result: &Poll<io::Result<usize>>) {
        if matches!(result, Poll::Ready(Ok(count)) if *count > 0) {
            self.flushed.store(false, Ordering::Release);
            self.wrote.store(true, Ordering::Release);
        }
    }
}

/// How much is read before time limits are looked at: a receiver that never stops talking must not outlast them.
const READ_AT_ONCE_MAX_BYTES: usize = 256 * 1024;

/// A stream that notes its progress.
pub(super) struct Watched {
    stream: Box<dyn Stream>,
    progress: Arc<Progress>,
    /// How much was read since time limits were looked at.
    at_once: usize,
}

impl Watched {
    pub(super) fn new(stream: Box<dyn Stream>, progress: Arc<Progress>) -> Self {
        Self { stream, progress, at_once: 0 }
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.at_once >= READ_AT_ONCE_MAX_BYTES {
            self.at_once = 0;
            // Unlike a waker alone, it lets the clock have its turn before this task.
            return pin!(tokio::task::yield_now()).poll(cx).map(Ok);
        }
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.at_once = if result.is_pending() { 0 } else { self.at_once + buffer.filled().len() - before };
        if buffer.filled().len() > before {
            self.progress.note_read(&buffer.filled()[before..]);
        }
        result
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.progress.note_write(&result);
        result
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.progress.note_write(&result);
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        // A connection at rest is flushed as well; that says nothing about a request.
        if matches!(result, Poll::Ready(Ok(()))) && self.progress.wrote.load(Ordering::Acquire) {
            self.progress.flushed.store(true, Ordering::Release);
        }
        result
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
