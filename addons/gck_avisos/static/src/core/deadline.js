import { registry } from "@web/core/registry";
import { capitalize } from "@web/core/utils/strings";
import { formatDate } from "@web/views/fields/formatters";
import {
    RemainingDaysField,
    remainingDaysField,
} from "@web/views/fields/remaining_days/remaining_days_field";

const { DateTime } = luxon;

// Further away, a date says more than a number of days.
const MAX_RELATIVE_DAYS = 99;

/** How many days there are until a moment; negative when its day is over. */
export function getDaysLeft(value) {
    const today = DateTime.local().startOf("day");
    return Math.floor(value.startOf("day").diff(today, "days").days);
}

/**
 * The day of a moment as people say it, always in days: Luxon by itself prefers the largest
 * unit, which makes a whole list «next month» on the last day of a month.
 */
export function formatDay(value) {
    if (Math.abs(getDaysLeft(value)) > MAX_RELATIVE_DAYS) {
        return formatDate(value);
    }
    return capitalize(value.toRelativeCalendar({ unit: "days" }));
}

/** Until when something is to be done: `remaining_days`, in days. */
export class DeadlineField extends RemainingDaysField {
    get diffString() {
        const value = this.props.record.data[this.props.name];
        return value ? formatDay(value) : "";
    }
}

registry.category("fields").add("gck_deadline", {
    ...remainingDaysField,
    component: DeadlineField,
});
