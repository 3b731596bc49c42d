import { CalendarQuickCreateFormController } from "@calendar/views/calendar_form/calendar_quick_create";
import { patch } from "@web/core/utils/patch";

const AGENDA_FIELDS = ["user_id", "gck_partner_id", "gck_contact_id"];

patch(CalendarQuickCreateFormController.prototype, {
    /**
     * Take what GCK asks for along to the whole form, as Odoo does with its own fields.
     */
    goToFullEvent() {
        const { data } = this.model.root;
        const defaults = {};
        for (const name of AGENDA_FIELDS) {
            if (data[name]) {
                defaults[`default_${name}`] = data[name].id;
            }
        }
        const controller = Object.create(this, {
            props: {
                value: {
                    ...this.props,
                    context: { ...this.props.context, ...defaults },
                },
            },
        });
        return super.goToFullEvent.call(controller);
    },
});
