//! The steps of an agent's working day.

use super::{Played, Player, impossible};
use crate::call::{LoginDevice, LogoutKind, Party, Step, What};

impl Player<'_> {
    pub(super) fn shift_step(&mut self, index: usize, step: &Step) -> Played {
        match step {
            Step::Wait(span) => {
                self.now += self.draw(index, *span);
                Ok(())
            }
            Step::Login(agent, device) => self.log_in(*agent, *device),
            Step::Logout(agent, kind) => self.log_out(*agent, *kind),
            Step::Status(agent, status) => {
                self.must_be_logged_in(*agent, "changes state")?;
                self.happen(What::StatusChanged { agent: *agent, status: status.clone() });
                Ok(())
            }
            _ => Err(impossible(
                "only wait, login, logout and status happen in a shift",
                "write the call in a file of its own, with `call:`",
            )),
        }
    }

    fn log_in(&mut self, agent: usize, device: LoginDevice) -> Played {
        let name = self.name(Party::Agent(agent)).to_owned();
        if self.logged_in[agent] {
            return Err(impossible(
                format!("{name} is already logged in"),
                format!("put `- logout: {name}` before it"),
            ));
        }
        self.logged_in[agent] = true;
        self.happen(What::LoggedIn { agent, device });
        Ok(())
    }

    fn log_out(&mut self, agent: usize, kind: LogoutKind) -> Played {
        self.must_be_logged_in(agent, "logs out")?;
        self.logged_in[agent] = false;
        self.happen(What::LoggedOut { agent, kind });
        Ok(())
    }

    pub(super) fn complete_shift(&self) -> Played {
        if self.happenings.is_empty() && self.illegal.is_empty() {
            return Err(impossible("nothing happens in this shift", "add `- login: AGENT` and `- logout: AGENT`"));
        }
        Ok(())
    }

    fn must_be_logged_in(&self, agent: usize, does: &str) -> Played {
        let name = self.name(Party::Agent(agent));
        if self.logged_in[agent] {
            return Ok(());
        }
        Err(impossible(format!("{name} {does}, but is not logged in"), format!("put `- login: {name}` before it")))
    }
}
