import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** What the store keeps of the customer of the order: what they have with us, and waited for. */
export class CustomerPanel extends Component {
    static template = "jewelry_pos.CustomerPanel";
    static props = { partner: Object };

    setup() {
        this.pos = usePos();
        this.state = useState({ sections: [], isOpen: false });
        onWillStart(() => {
            // Not awaited: the order is shown meanwhile.
            this.load(this.props.partner);
        });
        onWillUpdateProps(({ partner }) => {
            if (partner.id !== this.props.partner.id) {
                this.state.sections = [];
                this.load(partner);
            }
        });
    }

    async load(partner) {
        const sections = await this.pos.callRegister("get_counter_sections", partner.id);
        if (partner.id === this.pos.getOrder()?.partner_id?.id) {
            this.state.sections = sections || [];
        }
    }

    /** @returns {Object[]} what is shown while the panel is closed */
    get shown() {
        const { sections, isOpen } = this.state;
        return isOpen ? sections : sections.filter((section) => section.is_urgent);
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
    }
}
