//! Every fault of the connection layer, proven on the wire: by a raw listener that records bytes, times and the end.

mod ends;
mod flow;
mod framing;
mod python;
mod recorder;
mod tls;
