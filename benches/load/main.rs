//! How fast load is sent: against the bare limit of the same bytes by a minimal loop, how exactly pushes leave, what a million
//! calls in flight take, and whether a stall is told as it was. `cargo bench --bench load` measures all of it, which takes six
//! minutes, and judges it; `cargo bench --bench load -- MODE` one part:
//!
//! ```text
//! growth                                                             what a push costs as the work grows
//! struck    --seconds 4                                              what faults cost that strike pushes
//! stall                                                              a planted stall of two seconds
//! receiver  --addr 127.0.0.1:9900 --seconds 60 [--answer-after 0.02] [--stall 2]    answers everything
//! bare      --addr 127.0.0.1:9900 --seconds 5 --connections 64       the same bytes by a minimal loop
//! ringback  --addr 127.0.0.1:9900 --seconds 5 --connections 64 --rate 100000 [--stories 8] [--linger 10] [--fault type-flip]
//! steady    --addr 127.0.0.1:9900 --seconds 5 --rate 40000 --linger 25             what a push costs once calls end as they start
//! in-flight --calls 1000000 --rate 100000                            calls in flight, nothing sent
//! tasks     --calls 1000000                                          the same number of sleeping tokio tasks
//! body                                                               one request, to give to other tools
//! ```

mod args;
mod bare;
mod child;
mod compare;
mod goal;
mod growth;
mod in_flight;
mod machine;
mod receiver;
mod sender;
mod stall;
mod struck;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::read();
    let result = match args.mode.as_str() {
        "receiver" => receiver::run(&args),
        "bare" => bare::run(&args),
        "ringback" => sender::run(&args),
        "steady" => sender::steady(&args),
        "growth" => growth::run(),
        "stall" => stall::run(),
        "struck" => struck::run(&args),
        "in-flight" => in_flight::run(&args),
        "tasks" => in_flight::tasks(&args),
        "body" => sender::body(&args),
        "" => compare::run(&args),
        other => Err(format!("there is no mode `{other}`; see the head of benches/load/main.rs")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
