import { Component, onWillStart, useEffect, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";

import { parsePeriodDate } from "./gck_accion_search_model";

const EVERYBODY = 0;
const SEVERAL = -1;

/**
 * Above a list of actions: whose they are (M-18), how many of each kind there are
 * (M-19) and of which days (W-13, W-14).
 */
export class GckAccionToolbar extends Component {
    static template = "gck_avisos.AccionToolbar";
    static components = { DateTimeInput, SelectMenu };
    static props = {
        resModel: String,
        dateField: String,
        // Grows each time that the rows are read, and the counts with them.
        loads: Number,
        slots: { type: Object, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.people = [];
        this.state = useState({
            kinds: [],
            isOpen: false,
            // Counts a refused period, to show again the one that stands.
            refusals: 0,
        });
        onWillStart(async () => {
            this.people = await this.orm.call(this.props.resModel, "get_people", []);
        });
        useEffect(
            (loads) => {
                if (loads) {
                    this.loadKinds();
                }
            },
            () => [this.props.loads]
        );
        useBus(this.searchModel, "update", () => this.render());
    }

    get searchModel() {
        return this.env.searchModel;
    }

    // ------------------------------------------------------------
    // Person
    // ------------------------------------------------------------

    /** Nobody else to choose, and one's own are what is shown. */
    get hasOnlyMe() {
        return this.people.length < 2 && this.personValue === user.userId;
    }

    get me() {
        return { id: user.userId, name: user.name };
    }

    /** The one person whose actions are shown, false for nobody in particular. */
    get person() {
        const values = this.searchModel.getFieldValues("user_id");
        if (values.length !== 1) {
            return false;
        }
        const [{ label, value }] = values;
        return typeof value === "number" ? { id: value, name: label } : false;
    }

    get personValue() {
        if (this.person) {
            return this.person.id;
        }
        return this.searchModel.getFieldValues("user_id").length ? SEVERAL : EVERYBODY;
    }

    get personLabel() {
        return this.personChoices.find(({ value }) => value === this.personValue).label;
    }

    get personChoices() {
        const choices = this.people.map(({ id, name }) => ({ value: id, label: name }));
        const value = this.personValue;
        choices.splice(1, 0, { value: EVERYBODY, label: _t("Everybody") });
        if (value === SEVERAL) {
            choices.push({ value, label: _t("Several people") });
        } else if (!choices.some((choice) => choice.value === value)) {
            choices.push({ value, label: this.person.name });
        }
        return choices;
    }

    isPerson(value) {
        return value > EVERYBODY;
    }

    onSelectPerson(value) {
        if (value === SEVERAL || value === null) {
            return;
        }
        const { label } = this.personChoices.find((choice) => choice.value === value);
        this.searchModel.setFieldValues(
            "user_id",
            value === EVERYBODY ? [] : [{ label, value }]
        );
    }

    // ------------------------------------------------------------
    // Kinds
    // ------------------------------------------------------------

    async loadKinds() {
        this.state.kinds = await this.keepLast.add(
            this.orm.silent.call(this.props.resModel, "get_kind_counts", [
                this.searchModel.getDomainWithout("kind_id"),
            ])
        );
    }

    get kinds() {
        const chosen = this.searchModel.getFieldValues("kind_id");
        const kinds = this.state.kinds.map((kind) => ({
            ...kind,
            isChosen: chosen.some(({ value }) => value === kind.id),
            // Where everything is late, saying so of each kind says nothing.
            showLate: kind.late > 0 && kind.late < kind.count,
        }));
        for (const { label, value } of chosen) {
            if (!kinds.some((kind) => kind.id === value)) {
                kinds.push({ id: value, name: label, count: 0, isChosen: true });
            }
        }
        return kinds;
    }

    get total() {
        return this.state.kinds.reduce((total, { count }) => total + count, 0);
    }

    get hasAllKinds() {
        return !this.kinds.some((kind) => kind.isChosen);
    }

    onToggleKind(kind) {
        const chosen = this.searchModel
            .getFieldValues("kind_id")
            .filter(({ value }) => value !== kind.id);
        if (!kind.isChosen) {
            chosen.push({ label: kind.name, value: kind.id });
        }
        this.searchModel.setFieldValues("kind_id", chosen);
    }

    onAllKinds() {
        this.searchModel.setFieldValues("kind_id", []);
    }

    // ------------------------------------------------------------
    // Period
    // ------------------------------------------------------------

    get dateField() {
        return this.searchModel.searchViewFields[this.props.dateField];
    }

    get hasPeriod() {
        const { from, to } = this.searchModel.period;
        return Boolean(from || to);
    }

    /** The three boxes: a single day is shown in its own. */
    get period() {
        const period = this.searchModel.period;
        const [from, to] = [parsePeriodDate(period.from), parsePeriodDate(period.to)];
        const isDay = from && period.from === period.to;
        return {
            from: isDay ? false : from,
            to: isDay ? false : to,
            day: isDay ? from : false,
        };
    }

    onChangeFrom(from) {
        this.setPeriod(from, this.period.to);
    }

    onChangeTo(to) {
        this.setPeriod(this.period.from, to);
    }

    onChangeDay(day) {
        this.setPeriod(day, day);
    }

    onClearPeriod() {
        this.setPeriod(false, false);
    }

    setPeriod(from, to) {
        if (from && to && to.startOf("day") < from.startOf("day")) {
            this.notification.add(_t("The period ends before it begins."), { type: "danger" });
            this.state.refusals++;
            return;
        }
        this.searchModel.setPeriod(this.props.dateField, from || false, to || false);
    }

    onTogglePeriod() {
        this.state.isOpen = !this.state.isOpen;
    }
}
