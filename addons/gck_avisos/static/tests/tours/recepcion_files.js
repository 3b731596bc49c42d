import { dragenterFiles, dropFiles, inputFiles } from "@web/../tests/utils";

import { registry } from "@web/core/registry";

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000052 00000 n 
0000000101 00000 n 
trailer<</Size 4/Root 1 0 R>>
startxref
164
%%EOF
`;
const mail = (subject) =>
    `From: marta@jucar.example.com\nTo: a@b.example\nSubject: ${subject}\n` +
    `Message-ID: <${subject.length}@navegador.example>\n\nHola\n`;
const success = ".o_notification:has(.bg-success)";
const file = (name, text) => new File([text], name);

/**
 * Files are dropped on the list of Reception, and chosen with the button of the kanban.
 */
registry.category("web_tour.tours").add("gck_recepcion_files", {
    url: "/odoo/gck-recepcion",
    steps: () => [
        {
            content: "Drop a fax, a mail and a spreadsheet on the list",
            trigger: ".o_list_view .gck_recepcion_import",
            async run() {
                const files = [
                    file("fax 600123456.pdf", PDF),
                    file("pedido.eml", mail("Desde el navegador")),
                    file("hoja.xlsx", "PK"),
                ];
                await dragenterFiles(".o_list_view", files);
                await dropFiles(".gck_recepcion_dropzone", files);
            },
        },
        {
            content: "Two notices are made",
            trigger: `${success}:contains(2)`,
            timeout: 40000,
        },
        {
            content: "The spreadsheet is refused, and why is said",
            trigger: ".o_notification:contains(hoja.xlsx):contains(.msg)",
        },
        {
            content: "They are in the list",
            trigger:
                ".o_list_view:not(:has(.o_view_nocontent)):has(.o_data_row:contains(Desde el navegador)) .o_data_row:contains(fax 600123456)",
        },
        {
            content: "Go to the kanban",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "Choose one that is there already and a new one",
            trigger: ".o_kanban_view .gck_recepcion_import",
            async run() {
                await inputFiles(".gck_recepcion_input", [
                    file("otra vez.eml", mail("Desde el navegador")),
                    file("otro.eml", mail("Por el botón")),
                ]);
            },
        },
        {
            content: "The first was there already: open it by its link",
            trigger: ".o_notification:contains(otra vez.eml) button:contains(AV/)",
            timeout: 40000,
            run: "click",
        },
        {
            content: "It is that notice",
            trigger: ".o_form_view .o_field_widget[name=subject] textarea:value(Desde el navegador)",
        },
    ],
});
