//! Generated people: names, numbers and mail addresses that agree with each other.
