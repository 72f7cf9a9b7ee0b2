import { PieceSearchModel } from "@jewelry_inventory/piece_search/piece_search_model";
import { PieceSearchPanel } from "@jewelry_inventory/piece_search/piece_search_panel";
import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { pivotView } from "@web/views/pivot/pivot_view";

const search = { SearchModel: PieceSearchModel, SearchPanel: PieceSearchPanel };

// So that a range survives a change of view. Core loads graphs and pivots when first asked for.
registry
    .category("views")
    .add("jewelry_piece_graph", { ...graphView, ...search })
    .add("jewelry_piece_pivot", { ...pivotView, ...search });
