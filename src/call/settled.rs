//! A text of the cast, with what settled it: the scenario, or a draw.

use std::fmt;
use std::ops::Deref;

/// A text of the cast: a name, a number, a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The text.
    pub text: String,
    /// What settled it.
    pub by: Settling,
}

/// What settled a text of the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// The scenario: it is the same for every seed.
    Given,
    /// A draw for the centre: it is the same in every call of a run.
    Centre,
    /// A draw for the call, of this part of the cast.
    Call(Part),
}

/// The parts of a cast that are drawn for each call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The customer's phone.
    CustomerPhone,
    /// The customer's name.
    CustomerName,
    /// The customer's company.
    CustomerCompany,
    /// The province of the customer's number.
    CustomerProvince,
    /// The city of the customer's number.
    CustomerCity,
    /// The area code of the customer's number.
    CustomerAreaCode,
    /// The postcode of the city of the customer's number.
    CustomerPostcode,
    /// The phone of an outside party, by its index.
    OutsiderPhone(u16),
}

impl Settled {
    /// What the scenario gives, or else what is drawn.
    pub fn new(given: Option<&str>, drawn: impl FnOnce() -> String, by: Settling) -> Self {
        match given {
            Some(given) => Self { text: given.to_owned(), by: Settling::Given },
            None => Self { text: drawn(), by },
        }
    }
}

impl Deref for Settled {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq<str> for Settled {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Settled {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}
