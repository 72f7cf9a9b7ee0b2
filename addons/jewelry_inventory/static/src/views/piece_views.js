import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { PieceSearchModel } from "../piece_search/piece_search_model";
import { PieceSearchPanel } from "../piece_search/piece_search_panel";

const search = { SearchModel: PieceSearchModel, SearchPanel: PieceSearchPanel };

registry
    .category("views")
    .add("jewelry_piece_kanban", { ...kanbanView, ...search })
    .add("jewelry_piece_list", { ...listView, ...search });
