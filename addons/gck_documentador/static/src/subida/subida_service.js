import { reactive } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

import { SubidaPanel } from "./subida_panel";

const MODEL = "gck.documento.subida";
const ROUTE = "/gck/documento/subida/";
// As many as browsers and servers bear besides the rest of the page.
const PARALLEL = 3;
// A piece that fails is sent again after these milliseconds.
const PAUSES = [1000, 3000, 8000];
const WAITING = ["waiting", "sending"];

let nextId = 1;

/**
 * Uploads files in pieces: each file on its own, with its progress and its errors. What
 * was interrupted goes on where it was.
 */
export class SubidaQueue {
    constructor(env, { orm, notification }) {
        this.env = env;
        this.orm = orm;
        this.notification = notification;
        this.running = 0;
        this.state = reactive({ items: [], folded: false });
        browser.addEventListener?.("beforeunload", (ev) => {
            if (this.isBusy) {
                ev.preventDefault();
                ev.returnValue = true;
            }
        });
    }

    get isBusy() {
        return this.state.items.some((item) => WAITING.includes(item.status));
    }

    /**
     * @param {import("./dropped_files").Dropped[]} dropped
     * @param {Object} target what `open_sessions` takes
     * @param {() => any} [onDone] called once all of them ended
     */
    async upload(dropped, target, onDone) {
        if (!dropped.length) {
            return [];
        }
        const batch = { left: dropped.length, target, onDone, items: [] };
        const first = this.state.items.length;
        this.state.items.push(
            ...dropped.map(({ file, path }) => ({
                id: nextId++,
                file,
                path,
                name: file.name,
                size: file.size,
                sent: 0,
                status: "waiting",
                error: "",
                session: null,
                chunk: 0,
                result: null,
                batch,
            }))
        );
        this.state.folded = false;
        // The reactive ones.
        const items = this.state.items.slice(first);
        batch.items = items;
        await this.open(items);
        this.run();
        return items;
    }

    /** Ask the server where to begin with each file, and whether it takes it at all. */
    async open(items) {
        const { target } = items[0].batch;
        let answers;
        try {
            answers = await this.orm.call(
                MODEL,
                "open_sessions",
                [
                    items.map(({ file, path }) => ({
                        name: file.name,
                        size: file.size,
                        modified: String(file.lastModified || ""),
                        path,
                    })),
                    target,
                ],
                { context: user.context }
            );
        } catch (error) {
            items.forEach((item) => this.fail(item, this.getReason(error)));
            return;
        }
        items.forEach((item, position) => {
            const answer = answers[position];
            if (answer.error) {
                item.isRefused = true;
                this.fail(item, answer.error);
            } else {
                Object.assign(item, {
                    session: answer.id,
                    sent: answer.offset,
                    chunk: answer.chunk,
                });
            }
        });
    }

    run() {
        while (this.running < PARALLEL) {
            const item = this.state.items.find(
                (candidate) => candidate.status === "waiting" && candidate.session
            );
            if (!item) {
                return;
            }
            this.running++;
            item.status = "sending";
            this.send(item).finally(() => {
                this.running--;
                this.run();
            });
        }
    }

    async send(item) {
        try {
            while (item.sent < item.size) {
                if (item.status !== "sending") {
                    return;
                }
                item.sent = await this.sendPiece(item);
            }
            const result = await this.orm.call(MODEL, "action_finish", [[item.session]], {
                context: user.context,
            });
            Object.assign(item, {
                result,
                status: result.duplicate ? "duplicate" : "done",
            });
            this.end(item);
        } catch (error) {
            if (item.status === "sending") {
                this.fail(item, this.getReason(error));
            }
        }
    }

    /** Send the next piece, again after a pause when the connection fails. */
    async sendPiece(item) {
        for (let attempt = 0; ; attempt++) {
            let response;
            try {
                const piece = item.file.slice(item.sent, item.sent + item.chunk);
                const params = new URLSearchParams({
                    offset: item.sent,
                    csrf_token: odoo.csrf_token,
                });
                response = await browser.fetch(`${ROUTE}${item.session}?${params}`, {
                    method: "POST",
                    body: piece,
                    headers: { "Content-Type": "application/octet-stream" },
                });
            } catch (error) {
                response = { ok: false, status: 0, error };
            }
            if (response.ok || response.status === 409) {
                // Of a piece that came twice or in part the server says where to go on.
                return (await response.json()).offset;
            }
            if (response.status === 422) {
                throw new Error((await response.json()).error);
            }
            const retriable = response.status === 0 || response.status >= 500;
            if (!retriable || attempt >= PAUSES.length || item.status !== "sending") {
                throw new Error(
                    response.status === 404
                        ? _t("The upload was given up. Start it again.")
                        : _t("The server could not be reached or refused it. Try again.")
                );
            }
            await new Promise((resolve) => browser.setTimeout(resolve, PAUSES[attempt]));
        }
    }

    getReason(error) {
        return (
            error.data?.message ||
            (error.constructor === Error && error.message) ||
            _t("The server could not be reached or refused it. Try again.")
        );
    }

    fail(item, error) {
        Object.assign(item, { status: "error", error });
        this.end(item);
    }

    /** Note that a file ended; after the last of a batch, show what is new. */
    end(item) {
        item.batch.left--;
        if (!item.batch.left) {
            item.batch.onDone?.(item.batch.items);
        }
    }

    /** Try what failed again, from where it was. */
    async retry(items) {
        const again = items.filter((item) => item.status === "error");
        const batches = new Set(again.map((item) => item.batch));
        for (const batch of batches) {
            const mine = again.filter((item) => item.batch === batch);
            batch.left += mine.length;
            mine.forEach((item) => Object.assign(item, { status: "waiting", error: "" }));
            await this.open(mine);
        }
        this.run();
    }

    cancel(item) {
        if (!WAITING.includes(item.status)) {
            return;
        }
        item.status = "cancelled";
        item.error = "";
        this.end(item);
        if (item.session) {
            this.orm.silent.call(MODEL, "action_cancel", [[item.session]]);
        }
    }

    /** Take what ended off the list. */
    clear() {
        this.state.items = this.state.items.filter((item) => WAITING.includes(item.status));
    }
}

export const subidaService = {
    dependencies: ["orm", "notification"],
    start(env, services) {
        const queue = new SubidaQueue(env, services);
        registry
            .category("main_components")
            .add("gck_documentador.SubidaPanel", { Component: SubidaPanel, props: { queue } });
        return queue;
    },
};

registry.category("services").add("gck_subida", subidaService);
