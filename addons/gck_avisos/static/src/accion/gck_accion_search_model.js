import { Domain } from "@web/core/domain";
import { deserializeDate, formatDate, serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { SearchModel } from "@web/search/search_model";

/**
 * The search of a list of actions. Person, kinds and period are ordinary facets of the
 * search bar, so that favourites, breadcrumbs and exports keep them.
 */
export class GckAccionSearchModel extends SearchModel {
    // ------------------------------------------------------------
    // Values of a field: person, kinds
    // ------------------------------------------------------------

    /** The search item of a many2one field, made when the search view has none. */
    _getFieldItem(fieldName) {
        const items = Object.values(this.searchItems);
        const item = items.find(
            ({ type, fieldName: name, filterDomain }) =>
                type === "field" && name === fieldName && !filterDomain
        );
        if (item) {
            return item;
        }
        const id = this.nextId++;
        this.searchItems[id] = {
            id,
            type: "field",
            fieldName,
            fieldType: "many2one",
            description: this.searchViewFields[fieldName].string,
            groupId: this.nextGroupId++,
            invisible: "True",
        };
        return this.searchItems[id];
    }

    /** @returns {Array<{label: string, value: number, operator: string}>} */
    getFieldValues(fieldName) {
        const { id } = this._getFieldItem(fieldName);
        return this.query
            .filter((element) => element.searchItemId === id)
            .map((element) => element.autocompleteValue);
    }

    /**
     * Replace what is asked about a field.
     *
     * @param {string} fieldName
     * @param {Array<{label: string, value: number}>} values none: anything
     */
    setFieldValues(fieldName, values) {
        const { id } = this._getFieldItem(fieldName);
        this.query = this.query.filter((element) => element.searchItemId !== id);
        for (const { label, value } of values) {
            this.query.push({
                searchItemId: id,
                autocompleteValue: { label, value, operator: "=" },
            });
        }
        this._notify();
    }

    /** The domain of the list as if nothing were asked about a field. */
    getDomainWithout(fieldName) {
        const { id } = this._getFieldItem(fieldName);
        const query = this.query;
        this.query = query.filter((element) => element.searchItemId !== id);
        try {
            return this._getDomain();
        } finally {
            this.query = query;
        }
    }

    // ------------------------------------------------------------
    // Period
    // ------------------------------------------------------------

    /** The ISO dates of the period: `{field, from, to}`, false where it is open. */
    get period() {
        for (const { searchItemId } of this.query) {
            const { gckPeriod } = this.searchItems[searchItemId];
            if (gckPeriod) {
                return gckPeriod;
            }
        }
        return { field: false, from: false, to: false };
    }

    /**
     * Ask for a period, both days included in the user's time zone (W-13, W-14).
     *
     * @param {string} fieldName
     * @param {luxon.DateTime|false} from false: from the beginning
     * @param {luxon.DateTime|false} to false: without end
     */
    setPeriod(fieldName, from, to) {
        this.query = this.query.filter(
            ({ searchItemId }) => !this.searchItems[searchItemId].gckPeriod
        );
        if (!from && !to) {
            this._notify();
            return;
        }
        this.createNewFilters([
            {
                description: this._describePeriod(fieldName, from, to),
                domain: this._getPeriodDomain(fieldName, from, to).toString(),
                gckPeriod: {
                    field: fieldName,
                    from: from && serializeDate(from),
                    to: to && serializeDate(to),
                },
                // It would be one more line of the menu of filters each time.
                invisible: "True",
            },
        ]);
    }

    _getPeriodDomain(fieldName, from, to) {
        const isDate = this.searchViewFields[fieldName].type === "date";
        const conditions = [];
        if (from) {
            const start = from.startOf("day");
            conditions.push([fieldName, ">=", isDate ? serializeDate(start) : serializeDateTime(start)]);
        }
        if (to) {
            const end = to.startOf("day").plus({ days: 1 });
            conditions.push([fieldName, "<", isDate ? serializeDate(end) : serializeDateTime(end)]);
        }
        return new Domain(conditions);
    }

    _describePeriod(fieldName, from, to) {
        const field = this.searchViewFields[fieldName].string;
        const first = from && formatDate(from);
        const last = to && formatDate(to);
        if (first && first === last) {
            return _t("%(field)s: on %(day)s", { field, day: first });
        }
        if (first && last) {
            return _t("%(field)s: from %(first)s to %(last)s", { field, first, last });
        }
        return first
            ? _t("%(field)s: from %(first)s", { field, first })
            : _t("%(field)s: until %(last)s", { field, last });
    }
}

/** @returns {luxon.DateTime|false} */
export function parsePeriodDate(value) {
    return value ? deserializeDate(value) : false;
}
