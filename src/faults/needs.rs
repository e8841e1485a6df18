//! What a fault has to find in a push so that it can change anything, in words; and whether it moves pushes.

use super::Kind;
use super::connection::ConnectionFault;
use super::event::Event;
use super::event_order::Reorder;
use super::http::Http;

impl Kind {
    /// What a push must be like, as the end of "no push that it is for ..."; `None` where any will do.
    pub fn needs(&self) -> Option<String> {
        Some(match self {
            Kind::Event(fault) => return event(fault),
            Kind::Http(fault) => return http(fault),
            Kind::Connection(ConnectionFault::SplitUtf8(_)) => "has a character beyond ASCII in its body".to_owned(),
            Kind::Connection(ConnectionFault::ShortLength(_)) => "has a body".to_owned(),
            Kind::Connection(_) => return None,
        })
    }

    /// Whether it changes when pushes leave, so that another fault can meet them at another moment.
    pub fn moves_in_time(&self) -> bool {
        match self {
            Kind::Event(
                Event::Delay(_)
                | Event::Duplicate(_)
                | Event::DuplicateNewId(_)
                | Event::Reorder(_)
                | Event::LateAfterEnd(_)
                | Event::StaleRetry(_)
                | Event::Burst(_)
                | Event::LostAck(_)
                | Event::Blackout(_),
            ) => true,
            Kind::Event(Event::Drop(_) | Event::ClockSkew(_) | Event::SplitStory(_)) => false,
            Kind::Http(_) | Kind::Connection(_) => false,
        }
    }
}

fn event(fault: &Event) -> Option<String> {
    Some(match fault {
        Event::DuplicateNewId(_) => "has an event id".to_owned(),
        Event::Reorder(Reorder::Window(_)) => "has another one beside it to change places with".to_owned(),
        Event::Reorder(Reorder::Before(_)) => "comes after one that its `before` names".to_owned(),
        Event::LateAfterEnd(_) => "comes before the last one of its call".to_owned(),
        Event::ClockSkew(_) => "has a time in it that would be another one".to_owned(),
        Event::Drop(_)
        | Event::Delay(_)
        | Event::Duplicate(_)
        | Event::StaleRetry(_)
        | Event::Burst(_)
        | Event::SplitStory(_)
        | Event::LostAck(_)
        | Event::Blackout(_) => return None,
    })
}

fn http(fault: &Http) -> Option<String> {
    let field = |field: &Option<String>| match field {
        Some(field) => format!("has a field `{field}` with a value that it would change"),
        None => "has a field that it would change".to_owned(),
    };
    Some(match fault {
        Http::TypeFlip(fault) => field(&fault.field),
        Http::MissingField(fault) => field(&fault.field),
        Http::NullField(fault) => field(&fault.field),
        Http::UnknownEnum(fault) => match &fault.field {
            Some(_) => field(&fault.field),
            None => "has a field that holds a word".to_owned(),
        },
        Http::ExtraField(_) | Http::Oversize(_) => "has fields to which one could be added".to_owned(),
        Http::TruncateBody(_) | Http::EmptyBody(_) | Http::Bom(_) => "has a body".to_owned(),
        Http::WrongContentType(fault) => format!("has a Content-Type other than `{}`", fault.to),
        Http::WrongCharset(_) => "has a character beyond ASCII".to_owned(),
        Http::BadUtf8(_) => "has a text in it".to_owned(),
        Http::BadJson(_) => "has a body of JSON".to_owned(),
        Http::DoubleEncoded(_) => "has a body or a query".to_owned(),
        Http::MissingHeader(fault) => format!("is sent with the header `{}`", fault.header),
        Http::WrongMethod(fault) => format!("is sent by a method other than {}", fault.to),
        Http::DocLiteral(_) => "has a sample on the vendor's page that is not what is sent anyhow".to_owned(),
        Http::WrongAuth(_) | Http::WrongPath(_) | Http::HeaderCase(_) => return None,
    })
}
