//! A story compiled for load: its requests as literals and slots. Placeholder.
mod slots;
mod times;
