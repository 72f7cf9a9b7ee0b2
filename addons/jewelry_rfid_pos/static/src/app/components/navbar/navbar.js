import { RfidAlarmBell } from "@jewelry_rfid/alarm/alarm_bell";
import { Navbar } from "@point_of_sale/app/components/navbar/navbar";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** The bell of the doors at a register, which nobody leaves to look at a form. */
export class RegisterAlarmBell extends RfidAlarmBell {
    setup() {
        super.setup();
        this.pos = usePos();
    }

    /** Where employees take turns, the login tells nothing of who stands here. */
    get canAnswer() {
        return !this.pos.config.module_pos_hr;
    }

    get canOpen() {
        return false;
    }
}

Navbar.components = { ...Navbar.components, RegisterAlarmBell };
