// What the tests ask of a notebook's page, in terms of JupyterLab's application object. JupyterLab and Notebook 7 agree on all of it.
window.harness = (() => {
  let running = 0;

  const panel = (path) => {
    const widgets = window.jupyterapp ? [...window.jupyterapp.shell.widgets("main")] : [];
    // With jupyter-collaboration paths begin with the name of a drive.
    return widgets.find((widget) => widget.context?.path.replace(/^[^/:]+:/, "") === path);
  };
  const kernel = (path) => panel(path)?.sessionContext?.session?.kernel;
  const cells = (path) => panel(path)?.content.widgets ?? [];
  const cell = (path, index) => cells(path).at(index);
  const starred = (path) => cells(path).some((one) => one.inputArea?.promptNode?.textContent.includes("*"));

  const counted = async (work) => {
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
  const execute = (path, command) => {
    window.jupyterapp.shell.activateById(panel(path).id);
    return counted(() => window.jupyterapp.commands.execute(command));
  };

  const shown = (path) => cells(path).length > 0 && panel(path).context.isReady;

  return {
    shown,
    opened: (path) => shown(path) && kernel(path)?.status === "idle",
    idle: (path) => running === 0 && kernel(path)?.status === "idle" && !starred(path),
    status: (path) => kernel(path)?.status ?? null,
    comms: (path) => [...kernel(path)._comms.keys()],
    models: async (path) => {
      const renderer = panel(path).content.rendermime.createRenderer("application/vnd.jupyter.widget-view+json");
      const manager = await renderer._manager.promise;
      renderer.dispose();
      return manager._modelsSync.size;
    },
    clientId: (path) => kernel(path)?.clientId ?? null,
    isRunning: (path, index) => cell(path, index).inputArea.promptNode.textContent.includes("*"),

    run: (path, index) => {
      const notebook = panel(path).content;
      notebook.deselectAll();
      notebook.activeCellIndex = cells(path).indexOf(cell(path, index));
      return execute(path, "notebook:run-cell");
    },
    command: (path, index, command) => {
      const notebook = panel(path).content;
      notebook.deselectAll();
      notebook.activeCellIndex = cells(path).indexOf(cell(path, index));
      return execute(path, command);
    },
    runAll: (path) => execute(path, "notebook:run-all-cells"),
    clearOutput: (path, index) => cell(path, index).model.clearExecution(),
    interrupt: (path) => kernel(path).interrupt(),
    windowing: (path, windowingMode) => {
      const notebook = panel(path).content;
      notebook.notebookConfig = { ...notebook.notebookConfig, windowingMode };
    },
    isVisible: ([path, index]) => cell(path, index).node.checkVisibility({ visibilityProperty: true }),
    scrollTo: (path, index) => panel(path).content.scrollToItem(cells(path).indexOf(cell(path, index))),
    closeTab: (path) => panel(path).dispose(),
    openTab: async (path) => {
      await window.jupyterapp.commands.execute("docmanager:open", { path }); // its widget is no value for a test
    },
    mute: (path, muted) => {
      const connection = kernel(path);
      if (muted) connection.sendShellMessage = () => ({ dispose() {} });
      else delete connection.sendShellMessage;
    },
    restart: (path) => counted(() => panel(path).sessionContext.restartKernel()),
    save: (path) => panel(path).context.save(),

    source: (path, index) => cell(path, index).model.sharedModel.getSource(),
    setSource: (path, index, source) => cell(path, index).model.sharedModel.setSource(source),
    append: (path, source) => {
      const model = panel(path).content.model.sharedModel;
      model.insertCell(model.cells.length, { cell_type: "code", source });
      return model.cells.length - 1;
    },
    // The new ones first: a notebook without cells gets one by itself.
    replaceCells: async (path, sources) => {
      const notebook = panel(path).content;
      const model = notebook.model.sharedModel;
      const before = model.cells.length;
      model.transact(() => {
        model.insertCells(
          before,
          sources.map((source) => ({ cell_type: "code", source })),
        );
        model.deleteCellRange(0, before);
      });
      notebook.activeCellIndex = 0;
      await kernel(path).requestExecute({ code: "%reset -f", silent: true, store_history: false }).done;
    },
    remove: (path, index) => panel(path).content.model.sharedModel.deleteCell(cells(path).indexOf(cell(path, index))),

    outputs: (path, index) =>
      [...cell(path, index).node.querySelectorAll(".jp-OutputArea-output")].map((node) => node.innerText.trim()),
    outputModels: (path, index) => cell(path, index).model.outputs.toJSON(),
    hasText: ([path, index, text]) =>
      [...cell(path, index).node.querySelectorAll(".jp-OutputArea-output")].some((node) => node.innerText.includes(text)),
  };
})();
