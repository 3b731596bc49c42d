import { useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { user } from "@web/core/user";
import { DEFAULT_MAX_FILE_SIZE } from "@web/core/utils/files";
import { useService } from "@web/core/utils/hooks";
import { humanNumber } from "@web/core/utils/numbers";
import { session } from "@web/session";

const ROUTE = "/gck_avisos/recepcion/fichero";
const LINKS_SHOWN = 5;
const REASONS_SHOWN = 10;

/**
 * Gives a controller of notices a button and a drop zone that make notices of files.
 *
 * Files go one at a time: each is a transaction of its own on the server, and none of
 * them makes the others too large.
 */
export const withFileImport = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.http = useService("http");
            this.notifications = useService("notification");
            this.actions = useService("action");
            this.fileInput = useRef("fileInput");
            this.fileImport = useState({ total: 0, done: 0 });
            useDropzone(
                this.rootRef,
                (ev) => this.importFiles([...ev.dataTransfer.files]),
                "gck_recepcion_dropzone",
                () => this.canImportFiles
            );
        }

        get canImportFiles() {
            return this.props.archInfo.activeActions.create;
        }

        get fileImportLabel() {
            const { total, done } = this.fileImport;
            return total
                ? _t("Importing %(done)s of %(total)s…", { done: done + 1, total })
                : _t("Import mail or fax");
        }

        onClickImportFiles() {
            this.fileInput.el.value = "";
            this.fileInput.el.click();
        }

        onChangeImportFiles(ev) {
            return this.importFiles([...ev.target.files]);
        }

        /**
         * @param {File[]} files
         */
        async importFiles(files) {
            if (!files.length || this.fileImport.total) {
                return;
            }
            const results = [];
            Object.assign(this.fileImport, { total: files.length, done: 0 });
            try {
                for (const file of files) {
                    results.push(await this.importFile(file));
                    this.fileImport.done = Math.min(results.length, files.length - 1);
                }
            } finally {
                Object.assign(this.fileImport, { total: 0, done: 0 });
            }
            this.notifyImported(results);
            // Counts of the search panel too, and no more sample data in an empty list.
            await this.env.searchModel._notify();
        }

        async importFile(file) {
            const refused = (reason) => ({ status: "refused", file: file.name, reason });
            const limit = session.max_file_upload_size || DEFAULT_MAX_FILE_SIZE;
            if (file.size > limit) {
                return refused(
                    _t("It is larger than what the server takes (%sB).", humanNumber(limit))
                );
            }
            try {
                return await this.http.post(ROUTE, {
                    csrf_token: odoo.csrf_token,
                    company_id: user.activeCompany.id,
                    ufile: file,
                });
            } catch (error) {
                return refused(
                    error.message === "Content too large"
                        ? _t("It is larger than what the server takes.")
                        : _t("The server could not be reached or refused it. Try again.")
                );
            }
        }

        notifyImported(results) {
            const by = (status) => results.filter((result) => result.status === status);
            const created = by("created");
            const duplicates = by("duplicate");
            const refused = by("refused");
            if (created.length) {
                this.notifications.add(
                    created.length === 1
                        ? _t("Notice %s created.", created[0].notice)
                        : _t("%s notices created.", created.length),
                    { type: "success", buttons: this.getNoticeButtons(created) }
                );
            }
            if (duplicates.length) {
                this.notifications.add(
                    this.joinLines(
                        duplicates.map((result) =>
                            _t("%(file)s was already there: %(notice)s", result)
                        )
                    ),
                    {
                        type: "warning",
                        sticky: true,
                        className: "text-prewrap",
                        buttons: this.getNoticeButtons(duplicates),
                    }
                );
            }
            if (refused.length) {
                this.notifications.add(
                    this.joinLines(
                        refused.map((result) => _t("%(file)s: %(reason)s", result))
                    ),
                    {
                        title: _t("Not imported"),
                        type: "danger",
                        sticky: true,
                        className: "text-prewrap",
                    }
                );
            }
        }

        joinLines(lines) {
            const shown = lines.slice(0, REASONS_SHOWN).map(String);
            if (lines.length > shown.length) {
                shown.push(_t("… and %s more.", lines.length - shown.length));
            }
            return shown.join("\n");
        }

        /** A link to each notice, or one to the list when they are many. */
        getNoticeButtons(results) {
            const readable = results.filter((result) => result.id);
            if (readable.length > LINKS_SHOWN) {
                return [
                    {
                        name: _t("View them"),
                        onClick: () => this.openNotices(readable.map((result) => result.id)),
                    },
                ];
            }
            return readable.map((result) => ({
                name: result.notice.split(" · ")[0],
                onClick: () => this.openNotices([result.id]),
            }));
        }

        openNotices(ids) {
            const one = ids.length === 1;
            return this.actions.doAction({
                type: "ir.actions.act_window",
                name: _t("Imported"),
                res_model: "gck.aviso",
                ...(one ? { res_id: ids[0] } : { domain: [["id", "in", ids]] }),
                views: one
                    ? [[false, "form"]]
                    : [
                          [false, "list"],
                          [false, "form"],
                      ],
            });
        }
    };
